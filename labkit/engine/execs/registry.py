"""Execs live in memory: they end with their container, and dockerd forgets them too.

A finished exec is kept while there is its container, for ``docker exec`` asks for the
exit code after the end, be it the container's; past ``KEPT`` of one container the
oldest finished ones are dropped.
"""

import asyncio
from dataclasses import replace

from labkit.base.errors import NotFoundError
from labkit.engine.messages import no_such_exec
from labkit.engine.model import Exec

KEPT = 256
KILLED = 137


class ExecRegistry:
    """The engine's execs by id."""

    def __init__(self) -> None:
        self._execs: dict[str, Exec] = {}
        self._ended: dict[str, asyncio.Event] = {}

    def add(self, record: Exec) -> None:
        self._drop_oldest(record.container_id)
        self._execs[record.id] = record
        self._ended[record.id] = asyncio.Event()

    def find(self, exec_id: str) -> Exec:
        record = self._execs.get(exec_id)
        if record is None:
            raise NotFoundError(no_such_exec(exec_id))
        return record

    def get(self, exec_id: str) -> Exec | None:
        return self._execs.get(exec_id)

    def save(self, record: Exec) -> None:
        self._execs[record.id] = record

    def of_container(self, container_id: str) -> tuple[Exec, ...]:
        return tuple(
            record
            for record in self._execs.values()
            if record.container_id == container_id
        )

    def end(self, exec_id: str, exit_code: int) -> Exec | None:
        """Record an end; None if the exec is unknown or had ended before."""
        record = self._execs.get(exec_id)
        if record is None or (record.exit_code is not None and not record.running):
            return None
        ended = replace(record, running=False, exit_code=exit_code, pid=0)
        self._execs[exec_id] = ended
        self._ended[exec_id].set()
        return ended

    async def wait(self, exec_id: str) -> Exec:
        """Return an exec when it has ended."""
        self.find(exec_id)
        await self._ended[exec_id].wait()
        return self.find(exec_id)

    def forget_ended(self, exec_id: str) -> None:
        """Drop an exec that nobody will ask for, unless it is still running."""
        record = self._execs.get(exec_id)
        if record is not None and not record.running:
            self._forget(exec_id)

    def end_container(self, container_id: str) -> None:
        """Record that a container has ended, and all its processes with it."""
        for record in self.of_container(container_id):
            if record.running:
                self.end(record.id, KILLED)
            elif record.exit_code is None:
                self._forget(record.id)

    def forget_container(self, container_id: str) -> None:
        for record in self.of_container(container_id):
            self._forget(record.id)

    def _drop_oldest(self, container_id: str) -> None:
        finished = [
            record
            for record in self.of_container(container_id)
            if not record.running and record.exit_code is not None
        ]
        for record in finished[: max(0, len(finished) - KEPT + 1)]:
            self._forget(record.id)

    def _forget(self, exec_id: str) -> None:
        del self._execs[exec_id]
        self._ended.pop(exec_id).set()
