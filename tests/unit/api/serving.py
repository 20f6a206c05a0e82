"""An API server for tests: any routes, on a socket in a folder, without an engine."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from aiohttp import web

from labkit.api.answers import open_stream
from labkit.api.machine import Machine
from labkit.api.requests import Call
from labkit.api.server import ApiServer, CallRoute
from labkit.engine.engine import Engine
from labkit.engine.tasks import Tasks

T = TypeVar("T")
Answer = Coroutine[Any, Any, web.StreamResponse]


class TasksOnly:
    """The part of an engine that the server itself uses."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    async def complete(self, work: Coroutine[Any, Any, T], name: str) -> T:
        return await self._tasks.complete(work, name)


@asynccontextmanager
async def serving(
    path: Path,
    routes: Iterable[CallRoute],
    answered: Callable[[], None] = lambda: None,
) -> AsyncIterator[None]:
    """Serve routes on a unix socket."""
    async with Tasks() as tasks:
        engine = cast(Engine, TasksOnly(tasks))
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(path))
            machine = cast(Machine, None)
            async with ApiServer(engine, machine, routes, answered) as server:
                await server.listen(listener)
                yield


def endless(cancelled: asyncio.Event) -> Callable[[Call], Answer]:
    """Return a handler of a stream that goes on until its client has left."""

    async def follow(call: Call) -> web.StreamResponse:
        answer = await open_stream(call, "text/plain")
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return answer

    return follow


class Client:
    """One raw connection: tests of a protocol say every byte."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self) -> bytes:
        """Read up to the end of a header."""
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)

    async def rest(self) -> bytes:
        return await asyncio.wait_for(self.reader.read(), 5)


@asynccontextmanager
async def connected(path: Path) -> AsyncIterator[Client]:
    """Connect to the server as a client."""
    reader, writer = await asyncio.open_unix_connection(str(path))
    try:
        yield Client(reader, writer)
    finally:
        writer.close()
