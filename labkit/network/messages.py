"""What the daemon and netd say to one another.

One Unix socket of type SEQPACKET: a message is one datagram, JSON, with open files
beside it (``kernel/fdpass.py``). The daemon asks, netd answers, in turn:

    HELLO       ->  who is there: pid, what it relays and serves; + the namespace's fd
    NETWORKS    the list of networks, kept for the next daemon
    NAMES       the names of one network
    SERVE_DNS   + UDP socket, TCP socket, pidfd   (without files: a new resolver only)
    STOP_DNS
    RELAY       + one listening socket for each port
    STOP_RELAY  all ports of a container
    QUIT        end; the namespace goes with the last process that holds it
"""

import enum
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

from labkit.base.codec import decode, encode, same_name
from labkit.base.errors import UnavailableError
from labkit.kernel.fdpass import receive_message, send_message
from labkit.network.model import Network, Resolver

PROTOCOL = 1
MOST_FDS = 15
_MESSAGE_BYTES = 1 << 22
_SO_SNDBUFFORCE = 32


class Verb(enum.Enum):
    HELLO = "hello"
    NETWORKS = "networks"
    NAMES = "names"
    SERVE_DNS = "serve-dns"
    STOP_DNS = "stop-dns"
    RELAY = "relay"
    STOP_RELAY = "stop-relay"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class RelayedPort:
    """A published port as it really is: all addresses and numbers filled in."""

    protocol: str
    host_ip: str
    host_port: int
    container_ip: str
    container_port: int

    def __str__(self) -> str:
        host = f"[{self.host_ip}]" if ":" in self.host_ip else self.host_ip
        inside = self.container_ip
        inside = f"[{inside}]" if ":" in inside else inside
        return (
            f"{host}:{self.host_port} -> {inside}:{self.container_port}/{self.protocol}"
        )


@dataclass(frozen=True, slots=True)
class Names:
    """The whole table of one network."""

    network_id: str
    label: str
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reverse: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One demand; which fields count is the verb's business."""

    verb: Verb
    container_id: str = ""
    networks: tuple[Network, ...] = ()
    names: Names | None = None
    resolver: Resolver | None = None
    ports: tuple[RelayedPort, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``error`` is empty when all went well; the rest answers HELLO."""

    error: str = ""
    protocol: int = PROTOCOL
    pid: int = 0
    networks: tuple[Network, ...] = ()
    names: tuple[Names, ...] = ()
    relayed: dict[str, tuple[RelayedPort, ...]] = field(default_factory=dict)
    resolvers: dict[str, Resolver] = field(default_factory=dict)


def enlarge_buffers(sock: socket.socket) -> None:
    """Make room for the names of many containers in one message."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, _MESSAGE_BYTES)
    except PermissionError:  # not root: up to net.core.wmem_max then
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MESSAGE_BYTES)


def send_record(
    sock: socket.socket, record: Request | Answer, fds: Sequence[int] = ()
) -> None:
    document = encode(record, same_name)
    send_message(sock, json.dumps(document).encode(), fds)


def receive_request(sock: socket.socket) -> tuple[Request | None, list[int]]:
    """Read a request; None is the end."""
    data, fds = receive_message(sock, _MESSAGE_BYTES)
    if not data:
        return None, fds
    return decode(Request, json.loads(data), same_name), fds


def receive_answer(sock: socket.socket) -> tuple[Answer, list[int]]:
    """Read an answer.

    Raises:
        UnavailableError: netd hung up.
    """
    data, fds = receive_message(sock, _MESSAGE_BYTES)
    if not data:
        raise UnavailableError("netd hung up")
    return decode(Answer, json.loads(data), same_name), fds
