"""Attaches that wait."""

import pytest

from labkit.base.errors import ConflictError
from labkit.engine.ports import Stream
from labkit.engine.streams import Attaching, Streams
from labkit.runtime.model import AttachOptions
from tests.contract.fakes.runtime import FakeWriter

OPTIONS = AttachOptions()


def a_stream() -> Stream:
    return Stream(None, FakeWriter())


async def test_a_stream_that_comes_too_late_is_closed() -> None:
    attaching = Attaching(OPTIONS)
    attaching.close()
    stream = a_stream()
    attaching.fulfil(stream)
    assert stream.writer.closed


async def test_closing_closes_the_stream_once_it_is_there() -> None:
    attaching = Attaching(OPTIONS)
    stream = a_stream()
    attaching.fulfil(stream)
    assert await attaching.stream() is stream
    attaching.close()
    assert stream.writer.closed


async def test_all_who_wait_are_disappointed() -> None:
    streams = Streams()
    waiting = [streams.wait_for_start("c", OPTIONS) for _ in range(2)]
    streams.fail("c", "it broke")
    streams.fail("c", "again")
    for attaching in waiting:
        assert not attaching.waiting
        with pytest.raises(ConflictError, match="it broke"):
            await attaching.stream()
