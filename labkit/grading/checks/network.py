"""``network``: a network, its kind, its addresses and who is on it."""

import ipaddress
from collections.abc import Iterator

from pydantic import Field

from labkit.grading.checks.model import Family, Finding, Params, label_step, listed
from labkit.grading.probes import Network, NetworkProbe, Observation, Probe


class NetworkParams(Params):
    """A network, and what is asked of it."""

    name: str = Field(description="the network's name")
    driver: str | None = Field(None, description="such as `bridge`")
    internal: bool | None = Field(None, description="without a way out")
    subnet: str | None = Field(None, description="such as `10.77.0.0/24`")
    gateway: str | None = None
    members: tuple[str, ...] = Field((), description="containers that must be on it")
    only_members: tuple[str, ...] | None = Field(
        None, description="containers that must be on it, and no others"
    )
    not_members: tuple[str, ...] = Field((), description="that must not be on it")
    labels: dict[str, str] = Field({})


def probes(params: NetworkParams) -> Iterator[Probe]:
    yield NetworkProbe(params.name)


def judge(params: NetworkParams, seen: Observation) -> Iterator[Finding]:
    network = seen.network(params.name)
    if network is None:
        yield Finding(
            field="name",
            expected=f"a network named {params.name}",
            found="no such network",
            next_step=f"make it: `docker network create{_options(params)}`",
        )
        return
    yield from _kind(params, network)
    yield from _addresses(params, network)
    yield from _members(params, network)
    yield from _labels(params, network)


def _options(params: NetworkParams) -> str:
    """Spell what `docker network create` needs to make it, name included."""
    options = [f"--label {name}={value}" for name, value in params.labels.items()]
    if params.internal:
        options.append("--internal")
    if params.subnet:
        options.append(f"--subnet {params.subnet}")
    if params.gateway:
        options.append(f"--gateway {params.gateway}")
    return "".join(f" {word}" for word in (*options, params.name))


def sentence(params: NetworkParams) -> str:
    return f"network {params.name} is there as asked"


def _kind(params: NetworkParams, network: Network) -> Iterator[Finding]:
    if params.driver is not None and params.driver != network.driver:
        yield Finding(
            field="driver",
            expected=params.driver,
            found=network.driver,
            next_step="a network keeps its driver: remove it and create it again",
        )
    if params.internal is not None and params.internal != network.internal:
        word = "with" if params.internal else "without"
        yield Finding(
            field="internal",
            expected="internal" if params.internal else "not internal",
            found="not internal" if params.internal else "internal",
            next_step=(
                "this can't be changed later: remove the network and create it "
                f"{word} `--internal`"
            ),
        )


def _addresses(params: NetworkParams, network: Network) -> Iterator[Finding]:
    again = "addresses are fixed at creation: remove the network and create it again"
    if params.subnet is not None:
        wanted = ipaddress.ip_network(params.subnet, strict=False)
        if str(wanted) not in network.subnets:
            yield Finding("subnet", str(wanted), listed(network.subnets), again)
    if params.gateway is not None and params.gateway not in network.gateways:
        yield Finding("gateway", params.gateway, listed(network.gateways), again)


def _members(params: NetworkParams, network: Network) -> Iterator[Finding]:
    look = f"`docker network connect {params.name} CONTAINER`, or `disconnect`"
    found = listed(network.members)
    if not set(params.members) <= network.members:
        yield Finding("members", listed(params.members), found, look)
    if params.only_members is not None and set(params.only_members) != network.members:
        expected = f"{listed(params.only_members)} and nobody else"
        yield Finding("only_members", expected, found, look)
    if set(params.not_members) & network.members:
        yield Finding(
            "not_members", f"without {listed(params.not_members)}", found, look
        )


def _labels(params: NetworkParams, network: Network) -> Iterator[Finding]:
    for name, value in params.labels.items():
        have = network.labels.get(name)
        if have != value:
            yield Finding(
                field=f"labels.{name}",
                expected=value,
                found="not set" if have is None else have,
                next_step=label_step(
                    name, f"`docker network create{_options(params)}`"
                ),
            )


FAMILY = Family("network", NetworkParams, probes, judge, sentence)
