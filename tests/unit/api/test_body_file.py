"""A request's body as a file for a thread."""

import asyncio

import pytest

from labkit.api.body_file import BodyFile
from tests.unit.engine.lab import until_true


def _stream(data: bytes) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return stream


async def test_a_thread_reads_what_comes() -> None:
    file = BodyFile(_stream(b"12345").read)

    def read_all() -> bytes:
        buffer = bytearray(2)
        assert file.readable()
        assert file.readinto(buffer) == 2
        return bytes(buffer) + file.read(2) + file.read() + file.read()

    assert await asyncio.to_thread(read_all) == b"12345"


async def test_closing_it_ends_a_read_that_waits() -> None:
    stream = asyncio.StreamReader()
    asked: list[int] = []

    async def read(size: int) -> bytes:
        asked.append(size)
        return await stream.read(size)

    file = BodyFile(read)
    reading = asyncio.ensure_future(asyncio.to_thread(file.read, 5))
    await until_true(lambda: bool(asked))
    file.close()
    with pytest.raises(ValueError, match="closed file"):
        await reading
    with pytest.raises(ValueError, match="closed file"):  # and so it is from then on
        await asyncio.to_thread(file.read, 5)
