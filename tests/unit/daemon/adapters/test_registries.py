"""Transfers on a thread, their news as they come."""

import asyncio
import gc
import threading
from typing import Any

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import NotFoundError
from labkit.daemon.adapters.registries import follow
from labkit.images.registry.retry import CancelledError, Patience
from labkit.images.transfer import LayerStep, Stage, Tell

STEPS = [LayerStep(Digest.of(b"%d" % number), Stage.FOUND) for number in range(100)]


async def test_tells_all_in_order() -> None:
    def work(patience: Patience, tell: Tell) -> None:
        for step in STEPS:
            tell(step)

    assert [event async for event in follow(work)] == STEPS


async def test_fails_after_what_was_told() -> None:
    def work(patience: Patience, tell: Tell) -> None:
        tell(STEPS[0])
        raise NotFoundError("it ended")

    events = follow(work)
    assert await anext(events) == STEPS[0]
    with pytest.raises(NotFoundError, match="it ended"):
        await anext(events)


async def test_closing_stops_the_thread_and_waits_for_it() -> None:
    ended = threading.Event()

    def work(patience: Patience, tell: Tell) -> None:
        tell(STEPS[0])
        try:
            patience.stop.wait(20)
            patience.check()
        except CancelledError:
            ended.set()
            raise

    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, complaint: complaints.append(complaint))
    events = follow(work)
    assert await anext(events) == STEPS[0]
    await events.aclose()
    assert ended.is_set()
    gc.collect()  # asyncio complains of what was never asked for when it goes
    assert complaints == []
