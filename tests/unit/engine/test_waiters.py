"""Who waits."""

import asyncio

from labkit.engine.waiters import Waiters, WaitOutcome


async def test_wakes_all_of_one_condition() -> None:
    waiters = Waiters()
    first, second = waiters.add("a", "exit"), waiters.add("a", "exit")
    other = waiters.add("a", "removed")
    waiters.wake("a", "exit", WaitOutcome(3))
    assert [f.result().exit_code for f in (first, second)] == [3, 3]
    assert not other.done()
    other.cancel()


async def test_who_left_is_not_woken() -> None:
    waiters = Waiters()
    future = waiters.add("a", "exit")
    future.cancel()
    await asyncio.sleep(0)
    waiters.wake("a", "exit", WaitOutcome(0))
    assert future.cancelled()
