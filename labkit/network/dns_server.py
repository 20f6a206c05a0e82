"""The sockets of the name servers: a pair, UDP and TCP, in each container's namespace.

A socket keeps its namespace alive (and with it the container's interfaces) for as long
as anybody holds it. So the server of a container watches the container's first process
by a pidfd and closes its sockets when that has ended, daemon or no daemon.
"""

import os
import random
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from labkit.network.dns import (
    NameTable,
    answer_locally,
    fit_for_udp,
    parse_query,
    refuse,
    refuse_garbage,
    with_links,
)
from labkit.network.forwarder import Forwarder
from labkit.network.loop import READ, WRITE, Loop, Timer
from labkit.network.model import Resolver

_QUERY_BYTES = 65535
_AT_ONCE = 32
_TCP_IDLE_SECONDS = 10.0
_LENGTH = struct.Struct(">H")

Reply = Callable[[bytes], None]


@dataclass(slots=True)
class DnsContext:
    """What all servers share."""

    loop: Loop
    forwarder: Forwarder
    tables: dict[str, NameTable]  # by network id


class DnsServer:
    """One container's name server."""

    def __init__(
        self,
        context: DnsContext,
        sockets: tuple[socket.socket, socket.socket],
        pidfd: int,
        resolver: Resolver,
        ended: Callable[[], None],
    ) -> None:
        self._context = context
        self._udp, self._tcp = sockets
        self._pidfd = pidfd
        self.resolver = resolver
        self._ended = ended
        self._talks: set[_TcpTalk] = set()
        for sock in sockets:
            sock.setblocking(False)
        context.loop.watch(self._udp.fileno(), READ, self._on_datagram)
        context.loop.watch(self._tcp.fileno(), READ, self._on_connection)
        context.loop.watch(pidfd, READ, lambda events: self._ended())

    def close(self) -> None:
        for sock in (self._udp, self._tcp):
            self._context.loop.forget(sock.fileno())
            sock.close()
        self._context.loop.forget(self._pidfd)
        os.close(self._pidfd)
        for talk in tuple(self._talks):
            talk.close()

    def answer(self, data: bytes, reply: Reply, by_tcp: bool) -> None:
        """Answer a question, now or when the host's resolvers have."""
        query = parse_query(data)
        if query is None:
            garbage = refuse_garbage(data)
            if garbage is not None:
                reply(garbage)
            return
        tables = self._tables(self._context.tables)
        local = answer_locally(query, tables, _shuffled)
        if local is not None:
            reply(bytes(local.pack()) if by_tcp else fit_for_udp(local, query))
            return
        failure = refuse(query, "SERVFAIL")

        def done(answer: bytes | None) -> None:
            self._context.loop.call_from_thread(lambda: reply(answer or failure))

        self._context.forwarder.ask(data, self.resolver.upstream, by_tcp, done)

    def _tables(self, known: Mapping[str, NameTable]) -> list[NameTable]:
        links = self.resolver.links
        return [
            with_links(known[i], links.get(i, {}))
            for i in self.resolver.network_ids
            if i in known
        ]

    def _on_datagram(self, events: int) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, client = self._udp.recvfrom(_QUERY_BYTES)
            except OSError:  # none left, or an ICMP error of an earlier answer
                return
            self.answer(data, self._sender_to(client), by_tcp=False)

    def _sender_to(self, client: tuple[str, int]) -> Reply:
        def send(answer: bytes) -> None:
            with suppress(OSError):  # the asker, or this server, may be gone by now
                self._udp.sendto(answer, client)

        return send

    def _on_connection(self, events: int) -> None:
        for _ in range(_AT_ONCE):
            try:
                client, _ = self._tcp.accept()
            except OSError:
                return
            self._talks.add(
                _TcpTalk(self._context.loop, client, self.answer, self._talks.discard)
            )


Answer = Callable[[bytes, Reply, bool], None]


class _TcpTalk:
    """One TCP connection: questions and answers, each behind its length."""

    def __init__(
        self,
        loop: Loop,
        client: socket.socket,
        answer: Answer,
        closed: Callable[["_TcpTalk"], None],
    ) -> None:
        self._loop = loop
        self._client = client
        self._answer = answer
        self._closed = closed
        self._received = b""
        self._to_send = b""
        self._timer: Timer = loop.call_later(_TCP_IDLE_SECONDS, self.close)
        client.setblocking(False)
        loop.watch(client.fileno(), READ, self._on_ready)

    def close(self) -> None:
        self._timer.cancel()
        if self._client.fileno() >= 0:
            self._loop.forget(self._client.fileno())
            self._client.close()
        self._closed(self)

    def _on_ready(self, events: int) -> None:
        try:
            if events & WRITE:
                self._flush()
            if events & READ and not self._receive():
                self.close()
        except OSError:  # reset by the asker
            self.close()

    def _receive(self) -> bool:
        try:
            data = self._client.recv(_QUERY_BYTES)
        except BlockingIOError:
            return True
        self._received += data
        self._timer.cancel()
        self._timer = self._loop.call_later(_TCP_IDLE_SECONDS, self.close)
        while len(self._received) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._received)
            end = _LENGTH.size + length
            if len(self._received) < end:
                break
            query = self._received[_LENGTH.size : end]
            self._received = self._received[end:]
            self._answer(query, self._reply, True)
        return bool(data)

    def _reply(self, answer: bytes) -> None:
        if self._client.fileno() < 0:
            return
        self._to_send += _LENGTH.pack(len(answer)) + answer
        with suppress(ConnectionError):
            self._flush()

    def _flush(self) -> None:
        with suppress(BlockingIOError):
            sent = self._client.send(self._to_send)
            self._to_send = self._to_send[sent:]
        interest = READ | (WRITE if self._to_send else 0)
        self._loop.watch(self._client.fileno(), interest, self._on_ready)


def _shuffled(addresses: Sequence[str]) -> list[str]:
    """Spread the askers over all containers of a name: who asks takes the first."""
    mixed = list(addresses)
    random.shuffle(mixed)
    return mixed
