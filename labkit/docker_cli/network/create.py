"""``docker network create``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import version_number
from labkit.docker_cli.container.checks import check_label
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Rules
from labkit.docker_cli.texts import pairs_map

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

ARGUMENTS = exactly(1)
RULES = Rules(checks={"label": check_label})
_NO_DUPLICATES = "1.44"
"""From this version on the engine itself refuses a second network of a name."""


def run(cli: Cli, call: Call) -> int:
    """Make a network and print its id."""
    values = call.values
    body: Json = {
        "Name": call.arguments[0],
        "Driver": values.text("driver"),
        "Options": pairs_map(values.list("opt")),
        "IPAM": {
            "Driver": values.text("ipam-driver"),
            "Options": pairs_map(values.list("ipam-opt")),
            "Config": address_pools(values),
        },
        "Internal": values.on("internal"),
        "Attachable": values.on("attachable"),
        "Ingress": values.on("ingress"),
        "Scope": values.text("scope"),
        "ConfigOnly": values.on("config-only"),
        "ConfigFrom": None,
        "Labels": pairs_map(values.list("label")),
    }
    if values.text("config-from"):
        body["ConfigFrom"] = {"Network": values.text("config-from")}
    for flag, key in (("ipv4", "EnableIPv4"), ("ipv6", "EnableIPv6")):
        if flag in values.changed:
            body[key] = values.on(flag)
    if version_number(cli.client.version) < version_number(_NO_DUPLICATES):
        body["CheckDuplicate"] = True
    answer = cli.client.post("/networks/create", None, body)
    if answer.get("Warning"):
        cli.error(f"WARNING: {answer['Warning']}")
    cli.line(answer["Id"])
    return 0


def address_pools(values: Values) -> list[Json]:
    """Return the subnets asked for, each with what belongs to it.

    Raises:
        CliError: in docker/cli's words.
    """
    subnets, ranges = values.list("subnet"), values.list("ip-range")
    gateways, others = values.list("gateway"), values.list("aux-address")
    if len(subnets) < len(ranges) or len(subnets) < len(gateways):
        raise CliError("every ip-range or gateway must have a corresponding subnet")
    pools: dict[str, Json] = {}
    for subnet in subnets:
        _check_overlap(subnet, pools)
        pools[subnet] = {"Subnet": subnet}
    for each in ranges:
        _put(pools, each, "IPRange", each, "range")
    for each in gateways:
        _put(pools, each, "Gateway", each, "gateway")
    for name, address in pairs_map(others).items():
        _put(pools, address, "AuxiliaryAddresses", {name: address}, "aux-address")
    return list(pools.values())


def _check_overlap(subnet: str, pools: dict[str, Json]) -> None:
    for other in pools:
        if _contains(subnet, other) or _contains(other, subnet):
            raise CliError("multiple overlapping subnet configuration is not supported")


def _contains(subnet: str, address: str) -> bool:
    import ipaddress

    try:
        whole = ipaddress.ip_network(subnet, strict=False)
        return ipaddress.ip_interface(address).ip in whole
    except ValueError:
        return False


def _put(
    pools: dict[str, Json], address: str, key: str, value: Json, said: str
) -> None:
    for subnet, pool in pools.items():
        if not _contains(subnet, address):
            continue
        if key == "AuxiliaryAddresses":
            pool.setdefault(key, {}).update(value)
        elif pool.get(key):
            on = "for" if key == "Gateway" else "on"
            raise CliError(
                f"cannot configure multiple {said}s ({value}, {pool[key]}) {on} the "
                f"same subnet ({subnet})"
            )
        else:
            pool[key] = value
        return
    raise CliError(f"no matching subnet for {said} {address}")
