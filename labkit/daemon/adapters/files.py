"""Visits to containers' files for the engine: begun on worker threads, then awaited."""

import asyncio
import json
import struct
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from labkit.base.errors import InternalError
from labkit.engine.ports import Reading
from labkit.files.model import FileStatus, Request, Verb, View, WriteOptions
from labkit.files.visits import Visit
from labkit.runtime.wire import raise_error

_LENGTH = struct.Struct(">I")


class AsyncFiles:
    """Satisfies ``engine.ports.FilesPort``."""

    async def status(self, view: View, path: str) -> FileStatus:
        visit = await asyncio.to_thread(Visit, Request(Verb.STATUS, view, path))
        await asyncio.to_thread(visit.close)
        return visit.status

    @asynccontextmanager
    async def read(self, view: View, path: str) -> AsyncIterator[Reading]:
        async with _visited(Request(Verb.READ, view, path)) as (visit, reader, _):
            yield Reading(visit.status, _chunks(reader))

    @asynccontextmanager
    async def export(self, view: View) -> AsyncIterator[Reading]:
        async with _visited(Request(Verb.EXPORT, view)) as (visit, reader, _):
            yield Reading(visit.status, _chunks(reader))

    async def write(
        self, view: View, path: str, options: WriteOptions, tar: AsyncIterator[bytes]
    ) -> None:
        request = Request(Verb.WRITE, view, path, options)
        async with _visited(request) as (_, reader, writer):
            try:
                async for chunk in tar:
                    writer.write(chunk)
                    await writer.drain()
                writer.write_eof()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the visitor gave up, and says why
            line = await reader.readline()
            if not line:
                raise InternalError("cannot unpack the archive: the visitor died")
            raise_error(json.loads(line))


@asynccontextmanager
async def _visited(
    request: Request,
) -> AsyncIterator[tuple[Visit, asyncio.StreamReader, asyncio.StreamWriter]]:
    work = asyncio.ensure_future(asyncio.to_thread(Visit, request))
    try:
        visit = await asyncio.shield(work)
    except asyncio.CancelledError:
        work.add_done_callback(_close_orphan)
        raise
    try:
        visit.sock.setblocking(False)
        sock = visit.sock.dup()
        reader, writer = await asyncio.open_unix_connection(sock=sock)
        try:
            yield visit, reader, writer
        finally:
            writer.close()
    finally:
        await asyncio.shield(asyncio.to_thread(visit.close))


def _close_orphan(work: "asyncio.Future[Visit]") -> None:
    if not work.cancelled() and work.exception() is None:
        work.result().close()


async def _chunks(reader: asyncio.StreamReader) -> AsyncGenerator[bytes, None]:
    try:
        while size := _LENGTH.unpack(await reader.readexactly(_LENGTH.size))[0]:
            yield await reader.readexactly(size)
    except asyncio.IncompleteReadError as error:
        raise InternalError("cannot read the files: the visitor broke off") from error
