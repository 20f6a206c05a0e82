"""Bytes between a client and a process, over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from labkit.api.pump import End, pump
from labkit.engine.ports import Stream


@asynccontextmanager
async def _pair() -> AsyncIterator[tuple[Stream, Stream]]:
    ends = [
        Stream(*await asyncio.open_unix_connection(sock=end))
        for end in socket.socketpair()
    ]
    try:
        yield ends[0], ends[1]
    finally:
        for end in ends:
            end.writer.close()


@asynccontextmanager
async def _joined(
    keys: bytes | None = None,
) -> AsyncIterator[tuple[Stream, Stream, asyncio.Task[End]]]:
    async with _pair() as (user, client), _pair() as (shim, process):
        work = asyncio.ensure_future(pump(client, process, keys))
        try:
            yield user, shim, work
        finally:
            work.cancel()


async def _end(work: asyncio.Task[End]) -> End:
    return await asyncio.wait_for(work, 5)


async def test_moves_both_ways_until_the_output_ends() -> None:
    async with _joined() as (user, shim, work):
        user.writer.write(b"typed")
        assert await shim.reader.readexactly(5) == b"typed"
        shim.writer.write(b"shown")
        assert await user.reader.readexactly(5) == b"shown"
        shim.writer.write_eof()
        assert await _end(work) is End.FINISHED


async def test_the_end_of_input_is_passed_on_alone() -> None:
    async with _joined() as (user, shim, work):
        user.writer.write_eof()
        assert await shim.reader.read() == b""
        shim.writer.write(b"late")
        assert await user.reader.readexactly(4) == b"late"
        shim.writer.write_eof()
        assert await _end(work) is End.FINISHED


async def test_detaches_by_the_keys() -> None:
    async with _joined(b"\x10\x11") as (user, shim, work):
        user.writer.write(b"a\x10\x11b")
        assert await _end(work) is End.DETACHED
        assert await shim.reader.read(10) == b"a"


async def test_held_keys_go_out_at_the_end_of_input() -> None:
    async with _joined(b"\x10\x11") as (user, shim, work):
        user.writer.write(b"\x10")
        user.writer.write_eof()
        assert await shim.reader.read() == b"\x10"
        shim.writer.write_eof()
        await _end(work)


async def test_a_cancelled_pump_leaves_no_task() -> None:
    async with _joined() as (_, _, work):
        await asyncio.sleep(0)
        before = asyncio.all_tasks()
        work.cancel()
        await asyncio.wait({work})
        assert len(before - asyncio.all_tasks()) == 3  # itself, output, input


async def test_a_process_that_breaks_off_counts_as_ended() -> None:
    async with _joined() as (user, shim, work):
        user.writer.write(b"unread")
        await asyncio.sleep(0)
        shim.writer.transport.abort()
        assert await _end(work) is End.FINISHED
