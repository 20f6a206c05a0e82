"""Who waits for a container to end: ``docker wait`` and ``docker stop``."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaitOutcome:
    """What a waiter is told; ``error`` is not empty if the wait itself failed."""

    exit_code: int
    error: str = ""


class Waiters:
    """Futures by container and condition: ``exit`` or ``removed``."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], set[asyncio.Future[WaitOutcome]]]
        self._waiting = defaultdict(set)

    def add(self, container_id: str, condition: str) -> "asyncio.Future[WaitOutcome]":
        """Return a future for the next exit or the removal; cancel it to leave."""
        future: asyncio.Future[WaitOutcome] = asyncio.get_running_loop().create_future()
        key = (container_id, condition)
        self._waiting[key].add(future)
        future.add_done_callback(lambda done: self._leave(key, done))
        return future

    def wake(self, container_id: str, condition: str, outcome: WaitOutcome) -> None:
        for future in self._waiting.pop((container_id, condition), set()):
            if not future.done():
                future.set_result(outcome)

    def _leave(
        self, key: tuple[str, str], future: "asyncio.Future[WaitOutcome]"
    ) -> None:
        waiting = self._waiting.get(key)
        if waiting is None:
            return
        waiting.discard(future)
        if not waiting:
            del self._waiting[key]
