"""A connection that stops being HTTP: attach and exec.

The client asks with ``Connection: Upgrade`` and ``Upgrade: tcp`` and gets

    HTTP/1.1 101 UPGRADED
    Content-Type: application/vnd.docker.raw-stream
    Connection: Upgrade
    Upgrade: tcp

after which both sides send bytes as they like. A client that does not ask to upgrade
(docker-py, curl) gets ``200 OK`` and the same bytes. Each direction ends by itself:
the client shuts its sending side down at the end of its input and still wants the
output (*half-close*, shutdown(2) with SHUT_WR).

aiohttp has no such thing, but asyncio has: the transport is given another protocol.
From then on aiohttp's parser sees nothing of the connection; when it is lost, aiohttp's
protocol is told, because it still counts the connection among the server's own, and it
cancels the handler.

A client that is killed ends both directions at once. Reading tells no difference, it
gives the end of the input either way; epoll(7) does: EPOLLRDHUP after SHUT_WR, EPOLLHUP
when all is over. asyncio does not pass that on, so an epoll descriptor of our own,
itself watched by the loop, waits for the EPOLLHUP.
"""

import asyncio
import select
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from labkit.api.answers import SERVER_HEADERS
from labkit.api.requests import Call
from labkit.base.errors import UnavailableError

_UPGRADED = (
    "HTTP/1.1 101 UPGRADED\r\n"
    "Content-Type: {content_type}\r\n"
    "Connection: Upgrade\r\n"
    "Upgrade: tcp\r\n"
)
_PLAIN = "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n"
_READ_LIMIT = 256 * 1024


class HijackedResponse(web.StreamResponse):
    """What a handler returns after it hijacked its connection.

    The answer is on the wire already, so aiohttp must neither send nor end anything; it
    closes the transport, which sends what is still buffered first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.force_close()

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        return None


class HijackedConnection:
    """Both ways of a connection whose HTTP is over; a context manager."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hangup: "_HangUpWatch",
    ) -> None:
        self.reader = reader
        self.writer = writer
        self._hangup = hangup

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._hangup.close()
        self.writer.close()


class _HalfCloseProtocol(asyncio.StreamReaderProtocol):
    """A stream protocol that keeps its sending side open when the peer ends his."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        http_protocol: asyncio.Protocol,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(reader, loop=loop)
        self._http_protocol = http_protocol

    def eof_received(self) -> bool:
        super().eof_received()
        return True  # asyncio: True leaves the transport open

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._http_protocol.connection_lost(exc)


class _HangUpWatch:
    """Aborts a transport when its peer has closed both directions."""

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._epoll = select.epoll(flags=select.EPOLL_CLOEXEC)
        # EPOLLHUP is reported always; asking for nothing leaves it alone.
        self._epoll.register(transport.get_extra_info("socket").fileno(), 0)
        loop.add_reader(self._epoll.fileno(), self._hung_up)

    def _hung_up(self) -> None:
        self.close()
        # abort and not close: what is still buffered has nobody to go to.
        self._transport.abort()

    def close(self) -> None:
        if not self._epoll.closed:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()


def hijack(call: Call, content_type: str) -> HijackedConnection:
    """Take the connection over and send the header that says so.

    Raises:
        UnavailableError: the client has gone already.
    """
    transport = call.http.transport
    if transport is None or transport.is_closing():
        raise UnavailableError("the client has closed its connection")
    call.progress.begun = True
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_READ_LIMIT, loop=loop)
    protocol = _HalfCloseProtocol(reader, call.http.protocol, loop)
    protocol.connection_made(transport)
    transport.set_protocol(protocol)
    # aiohttp may have paused reading while the body was being taken.
    transport.resume_reading()
    head = _UPGRADED if _wants_upgrade(call.http) else _PLAIN
    extra = "".join(f"{name}: {value}\r\n" for name, value in SERVER_HEADERS.items())
    transport.write((head.format(content_type=content_type) + extra + "\r\n").encode())
    writer = asyncio.StreamWriter(transport, protocol, reader, loop)
    return HijackedConnection(reader, writer, _HangUpWatch(transport, loop))


def _wants_upgrade(http: web.BaseRequest) -> bool:
    return (
        http.headers.get("Upgrade", "").lower() == "tcp"
        and "upgrade" in http.headers.get("Connection", "").lower()
    )
