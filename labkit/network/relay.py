"""Published ports: what arrives at a host's port is passed on to a container.

The listening socket was made in the host's namespace, by the daemon, and came here as
an open file; the connection to the container is made here, in the engine's namespace,
so that the container sees the bridge's gateway as its peer. A socket stays in the
namespace of its birth, so one loop can serve both ends. This is what docker-proxy does,
and it needs no firewall's consent.

A TCP connection is two independent directions, and each may be closed before the other
(half close: ``shutdown(2)``): protocols that say 'I have no more' and then wait for
the answer depend on it. A direction whose receiver is slow holds what is left over and
stops reading until it is gone.
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from labkit.network.loop import READ, WRITE, Loop, Timer

UDP_IDLE_SECONDS = 90.0  # docker-proxy's UDPConnTrackTimeout
_BACKLOG_ROUNDS = 64
_ROUNDS = 4
_BUFFER_BYTES = 1 << 18
_DATAGRAM_BYTES = 65535
_MOST_FLOWS = 4096

# The loop has one thread and a direction empties the buffer before it returns, so all
# of them share one.
_buffer = memoryview(bytearray(_BUFFER_BYTES))

Address = tuple[str, int]
Client = tuple[Any, ...]  # as recvfrom gives it: IPv6 has four parts


class TcpRelay:
    """One published TCP port."""

    def __init__(self, loop: Loop, listener: socket.socket, target: Address) -> None:
        self._loop = loop
        self._listener = listener
        self._target = target
        self._connections: set[Connection] = set()
        listener.setblocking(False)
        loop.watch(listener.fileno(), READ, self._accept)

    def close(self) -> None:
        self._loop.forget(self._listener.fileno())
        self._listener.close()
        for connection in tuple(self._connections):
            connection.close()

    def _accept(self, events: int) -> None:
        for _ in range(_BACKLOG_ROUNDS):
            try:
                client, _ = self._listener.accept()
            except OSError:  # nobody is waiting any more, or gave up while waiting
                return
            self._connections.add(
                Connection(self._loop, client, self._target, self._connections.discard)
            )


class _Direction:
    """From one socket to the other, with what the receiver has not taken yet."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self.source = source
        self.target = target
        self.pending = memoryview(b"")
        self.ended = False  # the source has no more
        self.closed = False  # and the target was told

    def pump(self) -> None:
        """Pass on what is there, a few buffers at most: others are waiting."""
        for _ in range(_ROUNDS):
            if self.pending or self.ended:
                return
            try:
                count = self.source.recv_into(_buffer)
            except BlockingIOError:
                return
            if not count:
                self.ended = True
            else:
                self._send(_buffer[:count], is_shared=True)
            self._pass_on_the_end()

    def flush(self) -> None:
        if self.pending:
            self._send(self.pending, is_shared=False)
        self._pass_on_the_end()

    def _send(self, data: memoryview, is_shared: bool) -> None:
        try:
            sent = self.target.send(data)
        except BlockingIOError:
            sent = 0
        rest = data[sent:]
        self.pending = memoryview(bytes(rest)) if is_shared and rest else rest

    def _pass_on_the_end(self) -> None:
        if self.ended and not self.pending and not self.closed:
            self.closed = True
            self.target.shutdown(socket.SHUT_WR)


class Connection:
    """A client and a container, joined."""

    def __init__(
        self,
        loop: Loop,
        client: socket.socket,
        target: Address,
        closed: Callable[["Connection"], None],
    ) -> None:
        self._loop = loop
        self._closed = closed
        self._client = client
        self._server = socket.socket(
            socket.AF_INET6 if ":" in target[0] else socket.AF_INET,
            socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
        )
        self._connecting = True
        for end in (client, self._server):
            end.setblocking(False)
            # Small messages go at once: the two ends did their own collecting.
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._up = _Direction(client, self._server)
        self._down = _Direction(self._server, client)
        with suppress(BlockingIOError):  # the usual answer is EINPROGRESS
            self._connect(target)
        self._renew_interest()

    def _connect(self, target: Address) -> None:
        try:
            self._server.connect(target)
        except BlockingIOError:
            raise
        except OSError:
            # Seen again, and dealt with, when the loop finds the socket in error.
            return

    def close(self) -> None:
        for end in (self._client, self._server):
            if end.fileno() >= 0:
                self._loop.forget(end.fileno())
                end.close()
        self._closed(self)

    def _on_client(self, events: int) -> None:
        self._serve(events, self._up, self._down)

    def _on_server(self, events: int) -> None:
        if self._connecting:
            if self._server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self.close()  # refused: the client sees its connection end
                return
            self._connecting = False
        self._serve(events, self._down, self._up)

    def _serve(self, events: int, outgoing: _Direction, incoming: _Direction) -> None:
        try:
            if events & WRITE:
                incoming.flush()
            if events & READ:
                outgoing.pump()
        except OSError:  # reset by either end: the other one shall see it, too
            self.close()
            return
        if self._up.closed and self._down.closed:
            self.close()
        else:
            self._renew_interest()

    def _renew_interest(self) -> None:
        client = _interest(self._up, self._down)
        server = _interest(self._down, self._up)
        if self._connecting:
            client, server = 0, WRITE
        self._loop.watch(self._client.fileno(), client, self._on_client)
        self._loop.watch(self._server.fileno(), server, self._on_server)


def _interest(outgoing: _Direction, incoming: _Direction) -> int:
    reads = READ if not outgoing.pending and not outgoing.ended else 0
    return reads | (WRITE if incoming.pending else 0)


class UdpRelay:
    """One published UDP port: a socket of its own towards the container a client."""

    def __init__(
        self,
        loop: Loop,
        listener: socket.socket,
        target: Address,
        idle_seconds: float = UDP_IDLE_SECONDS,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._target = target
        self._idle_seconds = idle_seconds
        self._flows: dict[Client, _Flow] = {}
        listener.setblocking(False)
        loop.watch(listener.fileno(), READ, self._receive)

    @property
    def flow_count(self) -> int:
        return len(self._flows)

    def close(self) -> None:
        self._loop.forget(self._listener.fileno())
        self._listener.close()
        for flow in tuple(self._flows.values()):
            flow.close()

    def _receive(self, events: int) -> None:
        for _ in range(_BACKLOG_ROUNDS):
            try:
                data, client = self._listener.recvfrom(_DATAGRAM_BYTES)
            except OSError:  # nothing more, or an ICMP error of an earlier answer
                return
            flow = self._flows.get(client) or self._new_flow(client)
            flow.send(data)

    def _new_flow(self, client: Client) -> "_Flow":
        if len(self._flows) >= _MOST_FLOWS:  # the longest-standing one makes room
            next(iter(self._flows.values())).close()
        flow = _Flow(self._loop, self._listener, client, self._target)
        flow.on_close = lambda: self._flows.pop(client, None)
        flow.idle_seconds = self._idle_seconds
        self._flows[client] = flow
        return flow


class _Flow:
    """What one client and the container say to one another."""

    def __init__(
        self, loop: Loop, listener: socket.socket, client: Client, target: Address
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._client = client
        self._socket = socket.socket(
            socket.AF_INET6 if ":" in target[0] else socket.AF_INET,
            socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
        )
        self._socket.connect(target)
        self._timer: Timer | None = None
        self.on_close: Callable[[], object] = lambda: None
        self.idle_seconds = UDP_IDLE_SECONDS
        loop.watch(self._socket.fileno(), READ, self._receive)

    def send(self, data: bytes) -> None:
        self._stay_awake()
        # Refused (nobody listens inside) or the queue is full: datagrams may get lost.
        with suppress(OSError):
            self._socket.send(data)

    def _receive(self, events: int) -> None:
        self._stay_awake()
        for _ in range(_BACKLOG_ROUNDS):
            try:
                data = self._socket.recv(_DATAGRAM_BYTES)
                self._listener.sendto(data, self._client)
            except OSError:
                return

    def _stay_awake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(self.idle_seconds, self.close)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._loop.forget(self._socket.fileno())
        self._socket.close()
        self.on_close()
