"""Background work and its owner."""

import asyncio
import logging

import pytest

from labkit.base.errors import UnavailableError
from labkit.engine.tasks import Tasks


async def test_ends_what_still_runs() -> None:
    ended = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with Tasks() as tasks:
        tasks.spawn(forever(), "forever")
        await asyncio.sleep(0)
    assert ended.is_set()


async def test_one_failure_does_not_end_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail() -> None:
        raise ValueError("broken")

    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        done.set()

    async with Tasks() as tasks:
        with caplog.at_level(logging.ERROR):
            tasks.spawn(fail(), "bad")
            tasks.spawn(work(), "good")
            await done.wait()
    assert "failed in the background: bad" in caplog.text


async def test_completes_though_the_caller_is_cancelled() -> None:
    gate, done = asyncio.Event(), asyncio.Event()

    async def work() -> int:
        await gate.wait()
        done.set()
        return 1

    async with Tasks() as tasks:
        caller = asyncio.ensure_future(tasks.complete(work(), "work"))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        gate.set()
        await done.wait()


async def test_gives_results_and_failures_to_the_caller() -> None:
    async def answer() -> int:
        return 42

    async def fail() -> int:
        raise ValueError("broken")

    async with Tasks() as tasks:
        assert await tasks.complete(answer(), "answer") == 42
        with pytest.raises(ValueError, match="broken"):
            await tasks.complete(fail(), "fail")


async def test_a_task_ended_before_it_began_leaves_nobody_waiting() -> None:
    async def work() -> int:
        return 1

    async with Tasks() as tasks:
        caller = asyncio.ensure_future(tasks.complete(work(), "work"))
        await asyncio.sleep(0)  # the caller has its task, which has not begun
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_refuses_work_after_the_end() -> None:
    async def work() -> int:
        return 1

    async with Tasks() as tasks:
        pass
    with pytest.raises(UnavailableError, match="cannot start x: the engine is stopp"):
        await tasks.complete(work(), "start x")


async def test_a_failure_of_the_block_leaves_as_it_came() -> None:
    async def block() -> None:
        async with Tasks() as tasks:
            tasks.spawn(asyncio.Event().wait(), "forever")  # type: ignore[arg-type]
            raise KeyError("x")

    with pytest.raises(KeyError):
        await block()


async def test_a_client_that_left_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def hear() -> None:
        raise ConnectionResetError("Connection lost")

    with caplog.at_level(logging.INFO):
        async with Tasks() as tasks:
            await asyncio.wait([tasks.spawn(hear(), "request")])
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "request: Connection lost" in caplog.text
