"""Locks by name."""

import asyncio
import gc

from labkit.engine.locks import Locks


async def test_one_name_one_lock() -> None:
    locks = Locks()
    order: list[str] = []

    async def work(name: str, text: str) -> None:
        async with locks.of(name):
            order.append(f"{text} in")
            await asyncio.sleep(0)
            order.append(f"{text} out")

    await asyncio.gather(work("a", "1"), work("a", "2"))
    assert order == ["1 in", "1 out", "2 in", "2 out"]


async def test_names_do_not_disturb_one_another() -> None:
    locks = Locks()
    async with locks.of("a"), locks.of("b"):
        assert locks.of("a").locked()


async def test_keeps_no_lock_that_nobody_holds() -> None:
    locks = Locks()
    async with locks.of("a"):
        pass
    gc.collect()
    assert len(locks) == 0
