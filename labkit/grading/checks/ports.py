"""The part of ``container`` that is about published ports."""

from collections.abc import Iterator

from labkit.base.errors import InvalidInputError
from labkit.grading.checks.model import Finding, listed
from labkit.grading.checks.settings import PUBLISHED, ContainerParams
from labkit.grading.probes import Container, Observation, PortBinding

_EVERYWHERE = ("", "0.0.0.0", "::")


def parse_port(text: str) -> PortBinding:
    """Read ``[ip:]host:container[/protocol]``.

    Raises:
        InvalidInputError: it is not of that form.
    """
    match = PUBLISHED.fullmatch(text)
    if match is None:
        raise InvalidInputError(
            f"invalid published port {text!r}: expected [ip:]port:port[/udp]"
        )
    return PortBinding(
        host_ip=(match["ip"] or "").strip("[]"),
        host_port=int(match["host"]),
        container_port=int(match["port"]),
        protocol=match["protocol"] or "tcp",
    )


def judge_ports(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """Each port must be published, on exactly the addresses asked for.

    ``8081:80`` means every address of the machine; ``127.0.0.1:8081:80`` means that
    one alone, so a container port that is *also* open elsewhere fails. A second port
    of the machine is no fault, if it is open no wider.
    """
    for text in params.ports:
        wanted = parse_port(text)
        found = [
            binding
            for binding in container.ports
            if (binding.container_port, binding.protocol)
            == (wanted.container_port, wanted.protocol)
        ]
        if not (
            any(_matches(wanted, binding) for binding in found)
            and all(_as_narrow(wanted, binding) for binding in found)
        ):
            yield Finding(
                field="ports",
                expected=str(wanted),
                found=listed(map(str, found or container.ports)),
                next_step=(
                    "ports are chosen when a container is made: remove it and run it "
                    f"again with `-p {text}`"
                ),
            )


def judge_no_ports(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """Nothing of the container may be reachable through the machine."""
    if params.no_ports and container.ports:
        yield Finding(
            field="no_ports",
            expected="no published port",
            found=listed(map(str, container.ports)),
            next_step=(
                "remove it and run it again without `-p`: containers on one network "
                "need none between them"
            ),
        )


def _matches(wanted: PortBinding, found: PortBinding) -> bool:
    if wanted.host_port != found.host_port:
        return False
    if wanted.host_ip in _EVERYWHERE:
        return found.host_ip in _EVERYWHERE
    return wanted.host_ip == found.host_ip


def _as_narrow(wanted: PortBinding, found: PortBinding) -> bool:
    return wanted.host_ip in (*_EVERYWHERE, found.host_ip)
