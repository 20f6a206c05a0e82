"""``/containers/{id}/attach/ws``: attach for clients that can't hijack, such as pages.

A WebSocket (RFC 6455) has messages of its own, so there are no frames of Docker's in
it: both outputs arrive as they come, in binary messages; before API 1.28 in text ones.
"""

import asyncio
import contextlib

from aiohttp import WSMsgType, web

from labkit.api.detach_keys import DetachScanner, parse_keys
from labkit.api.frames import Unframer
from labkit.api.requests import Call
from labkit.api.routes.streams import logs_options
from labkit.api.routing import Route
from labkit.api.versions import ApiVersion
from labkit.base.errors import InvalidInputError, LabError
from labkit.engine.containers.attach import attach
from labkit.engine.containers.detach import detached
from labkit.engine.containers.logs import logs
from labkit.engine.ports import Stream
from labkit.engine.streams import Attaching
from labkit.runtime.model import AttachOptions

_CHUNK_BYTES = 64 * 1024
_BINARY = ApiVersion(1, 28)


class Socket:
    """The client's end: pieces of output in, what was typed out."""

    def __init__(self, call: Call) -> None:
        self._socket = web.WebSocketResponse()
        if not self._socket.can_prepare(call.http).ok:
            raise InvalidInputError("not websocket protocol")
        self._is_text = call.version < _BINARY

    @property
    def answer(self) -> web.WebSocketResponse:
        return self._socket

    async def send(self, data: bytes) -> None:
        if not data:
            return
        if self._is_text:
            await self._socket.send_str(data.decode("utf-8", "replace"))
        else:
            await self._socket.send_bytes(data)

    async def receive(self) -> bytes:
        """Return what was typed; nothing means that the client has gone."""
        while True:
            message = await self._socket.receive()
            if message.type is WSMsgType.BINARY and message.data:
                return bytes(message.data)
            if message.type is WSMsgType.TEXT and message.data:
                return str(message.data).encode()
            if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT):
                return b""


async def attach_by_websocket(call: Call) -> web.StreamResponse:
    query = call.query
    keys = parse_keys(query.text("detachKeys"))
    container = call.engine.store.find_container(call.ref)
    client = Socket(call)
    history = attaching = None
    if query.flag("logs"):
        history = await logs(call.engine, call.ref, logs_options(query, follow=False))
    if query.flag("stream"):
        options = AttachOptions(
            query.flag("stdin"), query.flag("stdout"), query.flag("stderr")
        )
        attaching = await attach(call.engine, call.ref, options)
    with contextlib.ExitStack() as undo:
        if attaching is not None:
            undo.callback(attaching.close)
        call.progress.begun = True
        await client.answer.prepare(call.http)
        if history is not None:
            async with contextlib.aclosing(history):
                async for piece in history:
                    for entry in piece:
                        await client.send(entry.data)
        if attaching is not None:
            tty = container.config.tty
            if await _join(client, attaching, DetachScanner(keys) if tty else None):
                await detached(call.engine, container.id)
        await client.answer.close()
    return client.answer


async def _join(
    client: Socket, attaching: Attaching, scanner: DetachScanner | None
) -> bool:
    """Join the two until one of them ends; tell whether the detach keys were typed."""
    try:
        process = await attaching.stream()
    except LabError:
        return False  # it did not start: an output that ended before it began
    output = asyncio.ensure_future(_copy_output(process, client, scanner is None))
    typed = asyncio.ensure_future(_copy_input(client, process, scanner))
    try:
        await asyncio.wait({output, typed}, return_when=asyncio.FIRST_COMPLETED)
        return typed.done() and typed.result()
    finally:
        for task in (output, typed):
            task.cancel()
        await asyncio.gather(output, typed, return_exceptions=True)


async def _copy_output(process: Stream, client: Socket, framed: bool) -> None:
    unframer = Unframer()
    with contextlib.suppress(ConnectionError):
        while data := await process.reader.read(_CHUNK_BYTES):
            await client.send(unframer.feed(data) if framed else data)


async def _copy_input(
    client: Socket, process: Stream, scanner: DetachScanner | None
) -> bool:
    """Pass on what is typed until the client goes, or types the detach keys."""
    with contextlib.suppress(ConnectionError):
        while data := await client.receive():
            process.writer.write(scanner.feed(data) if scanner else data)
            if scanner and scanner.detached:
                return True
            await process.writer.drain()
    return False


ROUTES = (
    Route("GET", "/containers/{id*}/attach/ws", attach_by_websocket, streams=True),
)
