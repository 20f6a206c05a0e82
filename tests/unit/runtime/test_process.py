"""A process's birth and death, with a fork for a container."""

import os
from collections.abc import Callable, Iterator

import pytest

from labkit.base.errors import ConflictError
from labkit.runtime.handshake import Channel, Message
from labkit.runtime.loop import Loop
from labkit.runtime.model import IoOptions
from labkit.runtime.process import Birth, ContainerProcess, Streams, reap_child

Body = Callable[[Channel, Streams], int]


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


def _born(body: Body) -> Birth:
    def birth(channel: Channel, streams: Streams) -> int:
        pid = os.fork()
        if pid == 0:
            code = 99
            try:
                code = body(channel, streams)
            finally:
                os._exit(code)
        return pid

    return birth


def _live(loop: Loop, body: Body) -> tuple[list[object], ContainerProcess]:
    """Go through a whole life; return what was told, in its order."""
    told: list[object] = []
    process = ContainerProcess(loop, IoOptions(), False, reap_child)
    process.on_ready = process.go
    process.on_started = lambda: told.append("started")

    def end(what: object) -> None:
        told.append(what)
        loop.stop()

    process.on_failed = lambda error: end((str(error), error.exit_code))
    process.on_ended = end
    process.begin(_born(body))
    loop.run()
    return told, process


def test_tells_of_the_start_before_the_end(loop: Loop) -> None:
    def body(channel: Channel, _: Streams) -> int:
        channel.send(Message.READY)
        channel.expect(Message.GO)
        channel.send(Message.EXECUTING)
        return 7

    told, process = _live(loop, body)
    assert told == ["started", 7]
    with pytest.raises(ConflictError, match="has ended"):
        process.signal(9)


def test_tells_why_it_could_not_start(loop: Loop) -> None:
    def body(channel: Channel, _: Streams) -> int:
        channel.send(Message.READY)
        channel.expect(Message.GO)
        channel.send(Message.FAILED, "no such file", 127)
        return 1

    assert _live(loop, body)[0] == [("no such file", 127)]


def test_a_death_on_the_way_is_a_failure(loop: Loop) -> None:
    def body(channel: Channel, _: Streams) -> int:
        os.kill(os.getpid(), 9)
        return 0

    told = _live(loop, body)[0]
    assert told == [("the process died while it was being set up", 128)]


def test_death_by_signal_is_128_and_its_number(loop: Loop) -> None:
    def body(channel: Channel, _: Streams) -> int:
        channel.send(Message.READY)
        channel.expect(Message.GO)
        channel.send(Message.EXECUTING)
        os.kill(os.getpid(), 15)
        return 0

    assert _live(loop, body)[0] == ["started", 143]
