"""The engine's door for other machines: TCP, and nobody in without a certificate.

Whoever speaks to the engine is root on its machine, so there is no door without TLS in
both directions: the client checks who the engine is, and the engine lets only those in
whose certificate its own authority has signed.

    client ==TLS over TCP==> this door --socket pair--> the API's server

TLS is taken off here and not by asyncio, which ends a connection as soon as either side
says that it has sent all. ``echo hello | docker run -i IMAGE cat`` says just that, by
*close_notify*, and still waits for what ``cat`` prints (it closes one direction only:
RFC 8446, section 6.1). Here each direction ends by itself:

    client -> engine    close_notify becomes the end of the input behind the door;
                        the end of the TCP connection means that the client has gone
    engine -> client    the end of the answer becomes close_notify and ends it all
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

_CHUNK_BYTES = 64 * 1024
_HANDSHAKE_SECONDS = 10.0
_BACKLOG = 128
_log = logging.getLogger(__name__)

Serve = Callable[[socket.socket], Awaitable[None]]


class TlsDoor:
    """Listens, and hands each client in as a plain socket; a context manager."""

    def __init__(self, context: ssl.SSLContext, serve: Serve) -> None:
        self._context = context
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._sessions: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def listen(self, listener: socket.socket) -> None:
        """Let clients in by a bound socket."""
        self._server = await asyncio.start_server(
            self._let_in, sock=listener, backlog=_BACKLOG
        )

    def stop_listening(self) -> None:
        """Let nobody new in; those who are inside stay."""
        if self._server is not None:
            self._server.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop_listening()
        for client in self._sessions.values():
            client.transport.abort()  # to its session, the client has gone
        await asyncio.gather(*self._sessions)

    async def _let_in(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions[task] = writer
        try:
            session = _Session(self._context, reader, writer)
            async with asyncio.timeout(_HANDSHAKE_SECONDS):
                await session.shake_hands()
            await _join(session, self._serve)
        except (ssl.SSLError, TimeoutError) as error:
            peer = writer.get_extra_info("peername")
            _log.info("let nobody in from %s: %s", peer, error or "no answer in time")
        except ConnectionError as error:
            _log.debug("a client broke off: %s", error)
        finally:
            del self._sessions[task]
            writer.close()


async def _join(session: "_Session", serve: Serve) -> None:
    """Bring a client and the API together until either has gone."""
    ours, theirs = socket.socketpair()
    await serve(theirs)
    reader, writer = await asyncio.open_connection(sock=ours)
    asked = asyncio.ensure_future(_carry_in(session, writer))
    answered = asyncio.ensure_future(_carry_out(reader, session))
    try:
        await asyncio.wait({asked, answered}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (asked, answered):
            task.cancel()
        await asyncio.gather(asked, answered, return_exceptions=True)
        writer.close()


async def _carry_in(session: "_Session", engine: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := await session.read():
            engine.write(data)
            await engine.drain()
        engine.write_eof()
        await session.wait_for_end()


async def _carry_out(engine: asyncio.StreamReader, session: "_Session") -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := await engine.read(_CHUNK_BYTES):
            await session.write(data)
        await session.write_end()


class _Session:
    """TLS over a pair of streams, one direction at a time."""

    def __init__(
        self,
        context: ssl.SSLContext,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def shake_hands(self) -> None:
        """Raises ssl.SSLError for a client without a certificate that counts."""
        while True:
            try:
                self._tls.do_handshake()
                return
            except ssl.SSLWantReadError:
                await self._flush()
                await self._take()
            finally:
                await self._flush()  # what was wrong is told to the client, too

    async def read(self) -> bytes:
        """Return the next bytes; none once the client has said that it sent all."""
        while True:
            try:
                return self._tls.read(_CHUNK_BYTES)
            except ssl.SSLWantReadError:
                await self._flush()
                await self._take()

    async def write(self, data: bytes) -> None:
        self._tls.write(data)
        await self._flush()

    async def write_end(self) -> None:
        # Having sent close_notify, unwrap would wait for the other side's.
        with contextlib.suppress(ssl.SSLWantReadError):
            self._tls.unwrap()
        await self._flush()

    async def wait_for_end(self) -> None:
        """Wait until the client has closed its connection altogether."""
        while await self._reader.read(_CHUNK_BYTES):
            pass

    async def _take(self) -> None:
        data = await self._reader.read(_CHUNK_BYTES)
        if not data:
            raise ConnectionResetError("the client closed its connection")
        self._incoming.write(data)

    async def _flush(self) -> None:
        if self._outgoing.pending:
            self._writer.write(self._outgoing.read())
            await self._writer.drain()
