"""A process's birth and death, with a fork for a container."""

import gc
import os
import resource
from collections.abc import Callable, Iterator

import pytest

from labkit.base.errors import ConflictError
from labkit.runtime.handshake import Channel, Message
from labkit.runtime.loop import Loop
from labkit.runtime.model import IoOptions, StartError
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


def test_refuses_to_signal_who_is_reaped_before_it_is_told(loop: Loop) -> None:
    process = ContainerProcess(loop, IoOptions(), False, lambda _pid: 0)
    process.on_failed = lambda _error: loop.stop()
    process.begin(_born(lambda _channel, _streams: 0))
    os.waitpid(process.pid, 0)
    with pytest.raises(ConflictError, match="has ended"):
        process.signal(9)
    loop.run()


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


def test_no_file_is_left_of_who_could_not_be_born(loop: Loop) -> None:
    def birth(_: Channel, __: Streams) -> int:
        raise ConflictError("no child today")

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    gc.collect()  # or files of other tests are closed meanwhile
    for io, terminal in ((IoOptions(stdin=True), False), (IoOptions(), True)):
        before = sorted(os.listdir("/proc/self/fd"))
        for spare in range(10):
            process = ContainerProcess(loop, io, terminal, reap_child)
            resource.setrlimit(resource.RLIMIT_NOFILE, (_next_file() + spare, hard))
            try:
                with pytest.raises((OSError, ConflictError)):
                    process.begin(birth)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_terminal_for_which_no_file_is_left_costs_its_process(loop: Loop) -> None:
    def body(channel: Channel, _: Streams) -> int:
        channel.send(Message.CONSOLE, fds=[1])
        channel.expect(Message.CONSOLE_TAKEN)
        return 0

    told: list[str] = []
    process = ContainerProcess(loop, IoOptions(), True, reap_child)

    def failed(error: StartError) -> None:
        told.append(str(error))
        loop.stop()

    process.on_failed = failed
    process.begin(_born(body))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_next_file(), limits[1]))
    try:
        loop.run_once()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    loop.run()
    assert len(told) == 1
    assert told[0].startswith("cannot take its terminal: ")


def _next_file() -> int:
    fd = os.open("/dev/null", os.O_RDONLY)
    os.close(fd)
    return fd
