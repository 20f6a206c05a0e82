"""Files, timers, and callbacks that change both."""

import os
from collections.abc import Iterator

import pytest

from labkit.runtime.loop import READ, Loop


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


def test_calls_when_a_file_is_ready(loop: Loop) -> None:
    reader, writer = os.pipe()
    seen: list[int] = []
    loop.watch(reader, READ, seen.append)
    loop.run_once(0)
    assert seen == []
    os.write(writer, b"x")
    loop.run_once(0)
    assert seen == [READ]
    loop.forget(reader)
    loop.run_once(0)
    assert seen == [READ]
    os.close(reader)
    os.close(writer)


def test_a_forgotten_file_is_not_called_in_the_same_round(loop: Loop) -> None:
    pipes = [os.pipe(), os.pipe()]
    seen: list[int] = []

    def only_one(fd: int) -> None:
        seen.append(fd)
        for reader, _ in pipes:
            loop.forget(reader)

    for reader, writer in pipes:
        os.write(writer, b"x")
        loop.watch(reader, READ, lambda _, fd=reader: only_one(fd))
    loop.run_once(0)
    assert len(seen) == 1
    for pair in pipes:
        for fd in pair:
            os.close(fd)


def test_timers_are_called_in_their_order(loop: Loop) -> None:
    seen: list[str] = []
    loop.call_later(0.002, lambda: seen.append("late"))
    loop.call_later(0.0, lambda: seen.append("soon"))
    loop.call_later(0.001, lambda: seen.append("never")).cancel()
    loop.call_later(0.003, loop.stop)
    loop.run()
    assert seen == ["soon", "late"]


def test_tells_once_each_time_that_nothing_happens(loop: Loop) -> None:
    reader, writer = os.pipe()
    seen: list[str] = []

    def on_idle() -> None:
        seen.append("idle")
        if len(seen) == 1:
            os.write(writer, b"x")
        else:
            loop.call_later(0.01, loop.stop)  # a timer is no reason to tell again

    def on_ready(_: int) -> None:
        seen.append(os.read(reader, 1).decode())

    loop.watch(reader, READ, on_ready)
    loop.run(on_idle, 0.001)
    assert seen == ["idle", "x", "idle"]
    os.close(reader)
    os.close(writer)


def test_knows_whether_it_expects_anything_else(loop: Loop) -> None:
    reader, writer = os.pipe()
    loop.watch(reader, READ, lambda _: None)
    assert loop.expects_only((reader,))
    assert not loop.expects_only(())
    timer = loop.call_later(60, loop.stop)
    assert not loop.expects_only((reader,))
    timer.cancel()
    assert loop.expects_only((reader,))
    os.close(reader)
    os.close(writer)
