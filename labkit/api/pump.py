"""Moves bytes between a client and a process, until the process has nothing to say.

Output goes as the shim sends it: it makes the frames. Input goes through the detach
keys. The two directions are two tasks; the end of the output ends both. The end of the
input ends only itself: it is passed on as a half-close, so that ``sort`` in a container
sees the end of its file and the client still gets what it prints.
"""

import asyncio
import contextlib
import enum
from collections.abc import Callable

from labkit.api.detach_keys import DetachScanner
from labkit.engine.ports import Stream

_CHUNK_BYTES = 64 * 1024

Translate = Callable[[bytes], bytes]


class End(enum.Enum):
    """Why a pump stopped."""

    FINISHED = "finished"  # the process has closed its outputs
    DETACHED = "detached"  # the client typed the detach keys


async def pump(
    client: Stream,
    process: Stream,
    keys: bytes | None,
    translate: Translate = bytes,
) -> End:
    """Join a client to a process; ``keys`` None looks for no detach sequence.

    ``translate`` gets every piece of the output before the client does.

    Both streams are the caller's to close. A client or process that breaks off counts
    as one that ended.
    """
    output = asyncio.ensure_future(_copy_output(process, client, translate))
    typed = asyncio.ensure_future(_copy_input(client, process, keys))
    try:
        await asyncio.wait({output, typed}, return_when=asyncio.FIRST_COMPLETED)
        if typed.done() and typed.result() is End.DETACHED:
            return End.DETACHED
        if not output.done():
            await output
        return output.result()
    finally:
        for task in (output, typed):
            task.cancel()
        await asyncio.gather(output, typed, return_exceptions=True)


async def _copy_output(process: Stream, client: Stream, translate: Translate) -> End:
    with contextlib.suppress(ConnectionError):
        while data := await process.reader.read(_CHUNK_BYTES):
            client.writer.write(translate(data))
            await client.writer.drain()
    return End.FINISHED


async def _copy_input(client: Stream, process: Stream, keys: bytes | None) -> End:
    scanner = DetachScanner(keys) if keys else None
    with contextlib.suppress(ConnectionError):
        while data := await client.reader.read(_CHUNK_BYTES):
            process.writer.write(scanner.feed(data) if scanner else data)
            if scanner and scanner.detached:
                return End.DETACHED
            await process.writer.drain()
        if scanner:
            process.writer.write(scanner.finish())
        if process.writer.can_write_eof():
            process.writer.write_eof()
    return End.FINISHED
