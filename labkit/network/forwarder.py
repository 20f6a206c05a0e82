"""Asking the host's own resolvers, from the host's own namespace.

A thread inherits the namespaces of the thread that starts it. This one is started
before netd's main thread moves into the engine's namespace, never moves itself, and
starts a thread for each question: those and their sockets are in the host's namespace,
where a resolver on 127.0.0.53 is just that.
"""

import socket
import struct
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

TIMEOUT_SECONDS = 4.0  # libnetwork's extIOTimeout
_MOST_AT_ONCE = 100
_MOST_SERVERS = 3  # libnetwork's maxExtDNS
_ANSWER_BYTES = 65535
_PORT = 53
_SERVFAIL, _REFUSED = 2, 5
_LENGTH = struct.Struct(">H")

Done = Callable[[bytes | None], None]


class Forwarder:
    """Must be made by a thread that is in the namespace to ask from."""

    def __init__(self, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._free = threading.BoundedSemaphore(_MOST_AT_ONCE)
        threading.Thread(target=self._start_workers, daemon=True).start()

    def ask(
        self, query: bytes, servers: Sequence[str], by_tcp: bool, done: Done
    ) -> None:
        """Ask one server after another; ``done`` gets the answer on another thread.

        It gets None when nobody answered, or when too many questions are open already.
        """
        if not servers or not self._free.acquire(blocking=False):
            done(None)
            return

        def work() -> None:
            try:
                answer = self._ask_in_turn(query, servers[:_MOST_SERVERS], by_tcp)
            finally:
                self._free.release()
            done(answer)

        self._jobs.put(work)

    def _start_workers(self) -> None:
        while True:
            threading.Thread(target=self._jobs.get(), daemon=True).start()

    def _ask_in_turn(
        self, query: bytes, servers: Sequence[str], by_tcp: bool
    ) -> bytes | None:
        answer = None
        exchange = self._exchange_by_tcp if by_tcp else self._exchange_by_udp
        for server in servers:
            try:
                answer = exchange(query, split_server(server))
            except OSError:  # silent or unreachable: the next one may know
                continue
            if len(answer) > 3 and answer[3] & 0xF not in (_SERVFAIL, _REFUSED):
                return answer
        return answer

    def _exchange_by_udp(self, query: bytes, server: tuple[str, int]) -> bytes:
        # Connected, so that nobody but the server can answer; a fresh port each time,
        # so that nobody can guess where to send a forged one.
        with socket.socket(_family(server), socket.SOCK_DGRAM) as sock:
            sock.settimeout(self._timeout_seconds)
            sock.connect(server)
            sock.send(query)
            while True:
                answer = sock.recv(_ANSWER_BYTES)
                if answer[:2] == query[:2]:
                    return answer

    def _exchange_by_tcp(self, query: bytes, server: tuple[str, int]) -> bytes:
        with socket.create_connection(server, self._timeout_seconds) as sock:
            sock.sendall(_LENGTH.pack(len(query)) + query)
            (length,) = _LENGTH.unpack(_read_exactly(sock, _LENGTH.size))
            return _read_exactly(sock, length)


def split_server(text: str) -> tuple[str, int]:
    """Read ``10.0.0.53``, ``fe80::1`` or, for odd set-ups, ``10.0.0.53#5353``.

    The ``#`` is dnsmasq's spelling: a colon would be ambiguous in IPv6.
    """
    host, _, port = text.partition("#")
    return host, int(port) if port else _PORT


def _family(server: tuple[str, int]) -> int:
    return int(socket.AF_INET6 if ":" in server[0] else socket.AF_INET)


def _read_exactly(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = sock.recv(count - len(data))
        if not piece:
            raise ConnectionError("the resolver hung up in the middle of an answer")
        data += piece
    return data
