"""Bytes between a client and a process: both directions, each with its own end."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from labkit.api.pump import End, pump
from labkit.engine.ports import Stream

KEYS = b"\x10\x11"


@dataclass
class Ends:
    """The far ends: the person at the client, and the process."""

    client: Stream
    process: Stream
    pumping: asyncio.Task[End]

    async def end(self) -> End:
        return await asyncio.wait_for(self.pumping, 5)


@asynccontextmanager
async def pumped(keys: bytes | None = None) -> AsyncIterator[Ends]:
    async with AsyncExitStack() as stack:
        person, near_client = await _pair(stack)
        program, near_process = await _pair(stack)
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(pump(near_client, near_process, keys))
            yield Ends(person, program, task)
            task.cancel()


async def _pair(stack: AsyncExitStack) -> tuple[Stream, Stream]:
    streams = []
    for end in socket.socketpair():
        reader, writer = await asyncio.open_unix_connection(sock=end)
        stack.callback(writer.close)
        streams.append(Stream(reader, writer))
    return streams[0], streams[1]


async def _read(stream: Stream, size: int) -> bytes:
    return await asyncio.wait_for(stream.reader.readexactly(size), 5)


async def _rest(stream: Stream) -> bytes:
    return await asyncio.wait_for(stream.reader.read(), 5)


async def test_carries_both_ways() -> None:
    async with pumped() as ends:
        ends.client.writer.write(b"question")
        assert await _read(ends.process, 8) == b"question"
        ends.process.writer.write(b"answer")
        assert await _read(ends.client, 6) == b"answer"


async def test_the_end_of_the_output_ends_both() -> None:
    async with pumped() as ends:
        ends.process.writer.write(b"last words")
        ends.process.writer.close()
        assert await _read(ends.client, 10) == b"last words"
        assert await ends.end() is End.FINISHED


async def test_the_end_of_the_input_is_passed_on_and_output_goes_on() -> None:
    async with pumped() as ends:
        ends.client.writer.write(b"b\na\n")
        ends.client.writer.write_eof()
        assert await _rest(ends.process) == b"b\na\n"  # sort(1) waits for that
        assert not ends.pumping.done()
        ends.process.writer.write(b"a\nb\n")
        assert await _read(ends.client, 4) == b"a\nb\n"
        ends.process.writer.close()
        assert await ends.end() is End.FINISHED


async def test_keys_detach_and_stay_out_of_the_input() -> None:
    async with pumped(KEYS) as ends:
        ends.client.writer.write(b"ls\n\x10\x11more")
        assert await ends.end() is End.DETACHED
        assert await _read(ends.process, 3) == b"ls\n"


async def test_without_keys_every_byte_is_input() -> None:
    async with pumped() as ends:
        ends.client.writer.write(KEYS)
        assert await _read(ends.process, 2) == KEYS
        assert not ends.pumping.done()


async def test_half_a_sequence_goes_in_at_the_end_of_the_input() -> None:
    async with pumped(KEYS) as ends:
        ends.client.writer.write(b"a\x10")
        ends.client.writer.write_eof()
        assert await _rest(ends.process) == b"a\x10"


async def test_a_process_that_breaks_off_counts_as_ended() -> None:
    async with pumped() as ends:
        ends.process.writer.transport.abort()
        assert await ends.end() is End.FINISHED


async def test_cancelling_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with pumped() as ends:
        ends.client.writer.write(b"x")
        await _read(ends.process, 1)
    assert asyncio.all_tasks() == before
