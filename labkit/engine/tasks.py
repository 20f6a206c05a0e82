"""The engine's background work, under one owner that ends it.

A watcher per running container, restarts that wait for their time, verbs that must
come to their end though their client has left: each is a task of one
``asyncio.TaskGroup``. A task group dies of its first failure, which is right for parts
of one job and wrong for independent ones: here a failure stays with whoever waits for
that task, and one that nobody waits for is logged.
"""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from labkit.base.errors import UnavailableError

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Tasks:
    """An asynchronous context manager; leaving it cancels what still runs."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._closed = False
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed = True
        for task in tuple(self._running):
            task.cancel()
        # A failure of the block is the block's own: it leaves here as it came, not
        # wrapped in a group.
        await self._group.__aexit__(None, None, None)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run something in the background; cancel the task to end it early."""
        if self._closed:
            work.close()
            raise UnavailableError(f"cannot {name}: the engine is stopping")
        task = self._group.create_task(_logged(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        # A task that is cancelled before its first step never begins its work.
        task.add_done_callback(lambda _: work.close())
        return task

    async def complete(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Wait for something that goes on to its end even if the caller is cancelled.

        A client that hangs up in the middle of ``start`` must leave a container that is
        started or one that is not, never half of one.
        """
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        try:
            task = self.spawn(_deliver(work, outcome), name)
        except UnavailableError:
            work.close()
            raise
        task.add_done_callback(lambda _: _abandon(work, outcome))
        # A future, unlike a task, may be cancelled: no work hangs on it.
        return await outcome


def _abandon(work: Coroutine[Any, Any, T], outcome: "asyncio.Future[T]") -> None:
    work.close()
    outcome.cancel()


async def _deliver(work: Coroutine[Any, Any, T], outcome: "asyncio.Future[T]") -> None:
    try:
        result = await work
    except asyncio.CancelledError:
        outcome.cancel()
        raise
    except Exception as error:
        if outcome.cancelled():
            raise
        outcome.set_exception(error)
    else:
        if not outcome.cancelled():
            outcome.set_result(result)


async def _logged(work: Coroutine[Any, Any, None], name: str) -> None:
    try:
        await work
    except ConnectionError as error:
        # A client that left amid its request is no failure of ours.
        _log.info("broken off in the background: %s: %s", name, error)
    except Exception:  # noqa: BLE001 - the last stop: nobody waits for it
        _log.exception("failed in the background: %s", name)
