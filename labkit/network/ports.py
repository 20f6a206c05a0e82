"""Publishing: binding a container's ports on the host, all or none.

A published port is a socket that listens in the host's namespace. Binding it *is* the
reservation: nobody else can have the port, and who has it already makes us fail at
once with Docker's own words. A port that one of our containers has on the same address
is 'already allocated'; one that a stranger has is what the kernel says.
"""

import errno
import functools
import os
import resource
import socket
from collections.abc import Iterable, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.errors import InternalError, os_reason
from labkit.network.messages import RelayedPort
from labkit.network.model import Endpoint, PortBinding

ANY_IPV4, ANY_IPV6 = "0.0.0.0", "::"
_BACKLOG = 4096
_FEW = 1000
"""So many sockets any process may have."""
_LOCAL_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_RANGE = (32768, 60999)
_ALLOCATED = "Bind for {}:{} failed: port is already allocated"
_ALL_ALLOCATED = "all ports are allocated"
_PROXY = "Error starting userland proxy: listen {}{} {}: bind: {}"


class PortTakenError(Exception):
    """A port that can't be had; the text is Docker's. Inside this package only."""


@dataclass(frozen=True, slots=True)
class BoundPort:
    """A binding with its listening sockets: one, or IPv4 and IPv6."""

    binding: PortBinding
    sockets: tuple[tuple[str, socket.socket], ...]  # (host ip, socket)


Reserved = frozenset[tuple[str, str, int]]  # protocol, host ip, port


def reserve(ports: Iterable[RelayedPort]) -> Reserved:
    return frozenset((port.protocol, port.host_ip, port.host_port) for port in ports)


def bind_ports(
    ports: Sequence[PortBinding], taken: Reserved, endpoint_text: str
) -> list[BoundPort]:
    """Bind all ports of a container.

    Args:
        ports: what is asked for; port 0 or a range takes the first free one.
        taken: what our other containers hold.
        endpoint_text: ``NAME (ENDPOINT ID)``, for the message.

    Raises:
        InternalError: with dockerd's text; none is bound then.
    """
    try:
        _check_room(ports)
        return _bind_all(ports, taken)
    except PortTakenError as error:
        raise InternalError(
            "driver failed programming external connectivity on endpoint"
            f" {endpoint_text}: {error}"
        ) from error


def _bind_all(ports: Iterable[PortBinding], taken: Reserved) -> list[BoundPort]:
    with ExitStack() as undo:
        bound: list[BoundPort] = []
        held = set(taken)
        for port in ports:
            one = _bind_one(port, held)
            for host_ip, sock in one.sockets:
                undo.callback(sock.close)
                held.add((port.protocol, host_ip, one.binding.host_port))
            bound.append(one)
        undo.pop_all()
        return bound


def _check_room(ports: Sequence[PortBinding]) -> None:
    """Refuse at once what would be refused after thousands of ports."""
    if len(ports) < _FEW:
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = limit - len(os.listdir("/proc/self/fd"))
    for port in ports:
        addresses = host_addresses(port.host_ip)
        room -= len(addresses)
        if room < 0:
            error = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            raise PortTakenError(_refusal(port, addresses, port.host_port, error))


def with_default_address(
    bindings: Iterable[PortBinding], address: str
) -> list[PortBinding]:
    """Fill in the network's own default where no host address is named."""
    return [
        replace(binding, host_ip=binding.host_ip or address) for binding in bindings
    ]


def is_published(
    bindings: Sequence[PortBinding], rows: Sequence[RelayedPort], endpoint: Endpoint
) -> bool:
    """Are these rows what was asked for? An adopting daemon leaves them alone."""
    target = endpoint.ipv4 or endpoint.ipv6
    expected: list[tuple[PortBinding, str]] = [
        (binding, address)
        for binding in bindings
        for address in host_addresses(binding.host_ip)
    ]
    return len(expected) == len(rows) and all(
        row.container_ip == target
        and row.host_ip == address
        and (row.protocol, row.container_port)
        == (binding.protocol, binding.container_port)
        and row.host_port in _candidates(binding)
        for (binding, address), row in zip(expected, rows, strict=True)
    )


def rows_of(bound: Iterable[BoundPort], endpoint: Endpoint) -> tuple[RelayedPort, ...]:
    """Return one row for each listening socket, in the order of the sockets."""
    return tuple(
        RelayedPort(
            one.binding.protocol,
            host_ip,
            one.binding.host_port,
            endpoint.ipv4 or endpoint.ipv6,
            one.binding.container_port,
        )
        for one in bound
        for host_ip, _ in one.sockets
    )


def bindings_of(rows: Iterable[RelayedPort]) -> tuple[PortBinding, ...]:
    """Return the rows as the engine shows them."""
    return tuple(
        PortBinding(row.container_port, row.protocol, row.host_ip, row.host_port)
        for row in rows
    )


def _bind_one(port: PortBinding, taken: Set[tuple[str, str, int]]) -> BoundPort:
    addresses = host_addresses(port.host_ip)
    candidates = _candidates(port)
    is_choice = len(candidates) > 1
    for number in candidates:
        if any((port.protocol, address, number) in taken for address in addresses):
            if is_choice:
                continue
            raise PortTakenError(_ALLOCATED.format(_shown(addresses[0]), number))
        try:
            sockets = _listen_on_all(port.protocol, addresses, number)
        except OSError as error:
            if is_choice and error.errno == errno.EADDRINUSE:
                continue
            raise PortTakenError(_refusal(port, addresses, number, error)) from error
        return BoundPort(replace(port, host_port=number, host_port_end=0), sockets)
    raise PortTakenError(_ALL_ALLOCATED)


def host_addresses(host_ip: str) -> tuple[str, ...]:
    """Return where to listen: everywhere is two sockets, if the host has IPv6.

    ``0.0.0.0`` said aloud is IPv4 alone.
    """
    if host_ip:
        return (host_ip.strip("[]"),)
    return (ANY_IPV4, ANY_IPV6) if _has_ipv6() else (ANY_IPV4,)


@functools.cache  # a range has thousands of ports
def _has_ipv6() -> bool:
    return socket.has_ipv6 and Path("/proc/net/if_inet6").exists()


def _candidates(port: PortBinding) -> range:
    if port.host_port:
        return range(port.host_port, max(port.host_port, port.host_port_end) + 1)
    first, last = _local_port_range()
    return range(first, last + 1)


def _local_port_range() -> tuple[int, int]:
    try:
        first, last = _LOCAL_PORT_RANGE.read_text().split()
    except OSError:
        return _USUAL_RANGE
    return int(first), int(last)


def _listen_on_all(
    protocol: str, addresses: tuple[str, ...], number: int
) -> tuple[tuple[str, socket.socket], ...]:
    with ExitStack() as undo:
        sockets = []
        for address in addresses:
            sock = listen(protocol, address, number)
            undo.callback(sock.close)
            sockets.append((address, sock))
        undo.pop_all()
        return tuple(sockets)


def listen(protocol: str, address: str, number: int) -> socket.socket:
    """Open one listening socket on the host."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    is_tcp = protocol == "tcp"
    kind = socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM
    sock = socket.socket(family, kind | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if is_tcp:
            # Connections of the last holder that linger in TIME_WAIT don't matter.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, number))
        if is_tcp:
            sock.listen(_BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock


def _refusal(
    port: PortBinding, addresses: tuple[str, ...], number: int, error: OSError
) -> str:
    address = addresses[0]
    version = 6 if ":" in address else 4
    words = os_reason(error)
    return _PROXY.format(port.protocol, version, f"{_shown(address)}:{number}", words)


def _shown(address: str) -> str:
    return f"[{address}]" if ":" in address else address
