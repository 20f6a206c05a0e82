"""The event loop: readiness, timers, other threads, and other people's mistakes."""

import logging
import socket
from queue import SimpleQueue

import pytest

from labkit.network.loop import READ, Loop
from tests.unit.network.running import running_loop


def test_calls_back_when_something_can_be_read() -> None:
    seen: SimpleQueue[bytes] = SimpleQueue()
    ours, theirs = socket.socketpair()
    with running_loop() as loop, ours, theirs:
        loop.call_from_thread(
            lambda: loop.watch(ours.fileno(), READ, lambda _: seen.put(ours.recv(9)))
        )
        theirs.send(b"hello")
        assert seen.get(timeout=5) == b"hello"


def test_a_file_without_interest_is_left_alone() -> None:
    loop = Loop()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        loop.watch(ours.fileno(), READ, lambda events: pytest.fail("was called"))
        loop.forget(ours.fileno())
        loop.forget(ours.fileno())  # twice is fine
        theirs.close()  # a hang-up, which epoll reports unasked
        loop.call_later(0, loop.stop)
        loop.run()
    loop.close()


def test_timers_come_in_order_and_not_when_cancelled() -> None:
    loop = Loop()
    seen: list[str] = []
    loop.call_later(0.002, loop.stop)
    loop.call_later(0.001, lambda: seen.append("second"))
    loop.call_later(0, lambda: seen.append("first"))
    loop.call_later(0, lambda: seen.append("never")).cancel()
    loop.run()
    loop.close()
    assert seen == ["first", "second"]


def test_a_failing_callback_ends_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loop = Loop()

    def fail() -> None:
        raise RuntimeError("a mistake")

    loop.call_later(0, fail)
    loop.call_later(0, loop.stop)
    with caplog.at_level(logging.ERROR):
        loop.run()
    loop.close()
    assert "a mistake" in caplog.text


def test_other_threads_are_heard() -> None:
    seen: SimpleQueue[int] = SimpleQueue()
    with running_loop() as loop:
        for number in range(3):
            loop.call_from_thread(lambda number=number: seen.put(number))
        assert [seen.get(timeout=5) for _ in range(3)] == [0, 1, 2]
