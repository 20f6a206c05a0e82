"""The networks of a new container: the mode, and an entry for each."""

from __future__ import annotations

from labkit.docker_cli.container.network_option import is_user_defined, parse_network
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

_CONFLICTS = (
    ("network-alias", "Aliases", "--network-alias and per-network alias"),
    ("ip", "IPv4Address", "--ip and per-network IPv4 address"),
    ("ip6", "IPv6Address", "--ip6 and per-network IPv6 address"),
    ("mac-address", "MacAddress", "--mac-address and per-network MAC address"),
    (
        "link-local-ip",
        "LinkLocalIPs",
        "--link-local-ip and per-network link-local IP addresses",
    ),
)


def networking(values: Values) -> tuple[str, Json]:
    """Return the network mode, and the endpoints by network.

    Raises:
        CliError: networks that can't be together, in docker/cli's words.
    """
    _check_mac(values.text("mac-address"))
    wanted = [parse_network(text) for text in values.list("network")]
    if not wanted:
        first: Json = {"Target": "default"}
        _apply_flags(first, values)
        return "default", {"default": _endpoint(first)}
    endpoints: Json = {}
    for index, each in enumerate(wanted):
        if index == 0:
            _apply_flags(each, values)
        endpoint = _endpoint(each)
        target = each["Target"]
        if target in endpoints:
            raise CliError(f'network "{target}" is specified multiple times')
        if len(wanted) > 1 or _says_something(endpoint):
            endpoints[target] = endpoint
    kinds = {is_user_defined(each["Target"]) for each in wanted}
    if len(kinds) > 1:
        raise CliError(
            "conflicting options: cannot attach both user-defined and "
            "non-user-defined network-modes"
        )
    return wanted[0]["Target"], endpoints


def _check_mac(address: str) -> None:
    parts = address.strip().replace("-", ":").split(":")
    hexes = all(
        len(p) == 2 and set(p.lower()) <= set("0123456789abcdef") for p in parts
    )
    if address and (len(parts) not in (6, 8, 20) or not hexes):
        raise CliError(f"{address} is not a valid mac address")


def _apply_flags(network: Json, values: Values) -> None:
    for flag, key, said in _CONFLICTS:
        given = values.list(flag) or values.text(flag) if flag in values.changed else ""
        if given and network.get(key):
            raise CliError(f"conflicting options: cannot specify both {said}")
        if given:
            network[key] = given
    if is_user_defined(network["Target"]) and values.list("link"):
        network["Links"] = values.list("link")


def _endpoint(network: Json) -> Json:
    target = network["Target"]
    if not target.strip():
        raise CliError("no name set for network")
    if not is_user_defined(target):
        if network.get("Aliases"):
            raise CliError(
                "network-scoped aliases are only supported for user-defined networks"
            )
        if network.get("Links"):
            raise CliError("links are only supported for user-defined networks")
    ipam = {
        key: network[key]
        for key in ("IPv4Address", "IPv6Address", "LinkLocalIPs")
        if network.get(key)
    }
    return {
        "IPAMConfig": ipam or None,
        "Links": network.get("Links"),
        "Aliases": network.get("Aliases") or None,
        "DriverOpts": network.get("DriverOpts"),
        "GwPriority": network.get("GwPriority", 0),
        "MacAddress": network.get("MacAddress", ""),
    }


def _says_something(endpoint: Json) -> bool:
    return any(endpoint.values())
