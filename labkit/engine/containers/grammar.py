"""The words in a request that have a grammar of their own: addresses, sets, options.

Each was a plain text so far. What is wrong is refused here, in Docker's words and
before anything is made; further down it would be an error of the kernel's.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.base.paths import clean_path
from labkit.engine.log_options import check_log_config
from labkit.engine.model import ContainerConfig, EndpointRequest, HostConfig

_MAC = re.compile(r"[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}")
_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_ONLINE = Path("/sys/devices/system")


def check_addresses(config: ContainerConfig, host: HostConfig) -> None:
    check_mac(config.mac_address)
    for binding in host.port_bindings:
        if binding.host_ip and not _is_address(binding.host_ip):
            raise InvalidInputError(f"invalid IP address: {binding.host_ip}")


def check_mac(text: str) -> None:
    if text and not _MAC.fullmatch(text):
        raise InvalidInputError(f"address {text}: invalid MAC address")


def check_endpoint(request: EndpointRequest) -> None:
    """Check what ``--ip``, ``--ip6``, ``--link-local-ip``, ``--mac-address`` say."""
    check_mac(request.mac_address)
    for text, kind, name in (
        (request.ipv4, IPv4Address, "IPv4"),
        (request.ipv6, IPv6Address, "IPv6"),
    ):
        if text and not _is_address(text, kind):
            raise InvalidInputError(f"invalid {name} address: {text}")
    for text in request.link_local_ips:
        if not _is_address(text):
            raise InvalidInputError(f"invalid link-local IP address: {text}")


def check_extra_hosts(config: ContainerConfig, host: HostConfig) -> None:
    for entry in host.extra_hosts:
        name, colon, address = entry.partition(":")
        if not name or not colon:
            raise InvalidInputError(f'bad format for add-host: "{entry}"')
        bare = address.removeprefix("[").removesuffix("]")
        if address != "host-gateway" and not _is_address(bare):
            raise InvalidInputError(f'invalid IP address in add-host: "{address}"')


def check_cpusets(config: ContainerConfig, host: HostConfig) -> None:
    limits = host.resources
    for text, option, what, source in (
        (limits.cpuset_cpus, "cpus", "CPUs", "cpu/online"),
        (limits.cpuset_mems, "mems", "memory nodes", "node/online"),
    ):
        wanted = _parse_set(text, option)
        online = _ONLINE / source
        if not wanted or not online.exists():
            continue
        available = online.read_text().strip()
        if not wanted <= _parse_set(available, option):
            raise InvalidInputError(
                f"Requested {what} are not available - requested {text}, "
                f"available: {available}"
            )


def check_tmpfs(config: ContainerConfig, host: HostConfig) -> None:
    for target in host.tmpfs:
        if not target.startswith("/"):
            raise InvalidInputError(
                f"invalid mount path: '{target}' mount path must be absolute"
            )
        if clean_path(target) == "/":
            raise InvalidInputError("invalid specification: destination can't be '/'")


def check_logging(config: ContainerConfig, host: HostConfig) -> None:
    check_log_config(host.log_config)


def _is_address(
    text: str, kind: type[IPv4Address] | type[IPv6Address] | None = None
) -> bool:
    try:
        (kind or ip_address)(text)
    except ValueError:
        return False
    return True


def _parse_set(text: str, option: str) -> set[int]:
    """Read ``0-2,5`` (cpuset(7), "List format")."""
    return {
        number
        for part in text.split(",")
        if text
        for number in _span(part, text, option)
    }


def _span(part: str, text: str, option: str) -> Iterator[int]:
    match = _RANGE.fullmatch(part.strip())
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise InvalidInputError(
            f"Invalid value {text} for cpuset {option}: invalid format: {part}"
        )
    yield from range(int(match[1]), int(match[2] or match[1]) + 1)


TEXT_CHECKS: tuple[Callable[[ContainerConfig, HostConfig], None], ...] = (
    check_addresses,
    check_extra_hosts,
    check_cpusets,
    check_tmpfs,
    check_logging,
)
