"""One task a running container: it reads what the shim tells.

The shim speaks JSON lines: ``exit`` when the first process has ended (repeated at once
to whoever comes late), ``exec-exit`` for further processes, ``oom``. A connection that
ends without an exit means that the shim was killed; its container died with it, and
the runtime says so when asked.
"""

import asyncio
import json
from typing import Any

from labkit.base.errors import LabError
from labkit.engine.engine import Engine
from labkit.engine.settle import settle
from labkit.runtime.model import ExitRecord, Status

LOST = 137  # as if by SIGKILL
_MOST_RETRIES = 5


async def watch_container(engine: Engine, container_id: str) -> None:
    """Begin to watch; when this returns no end can be missed any more."""
    reader = await engine.runtime.watch(container_id)
    engine.watchers[container_id] = engine.tasks.spawn(
        _watch(engine, container_id, reader), f"watch {container_id}"
    )


async def _watch(
    engine: Engine, container_id: str, reader: asyncio.StreamReader
) -> None:
    record = await _read_to_exit(engine, container_id, reader)
    for _ in range(_MOST_RETRIES):
        if record is not None:
            break
        record = await _ask(engine, container_id)
    engine.watchers.pop(container_id, None)
    await settle(engine, container_id, record or _lost(engine))


async def _read_to_exit(
    engine: Engine, container_id: str, reader: asyncio.StreamReader
) -> ExitRecord | None:
    while line := await reader.readline():
        event = json.loads(line)
        if event["event"] == "exit":
            return ExitRecord(
                exit_code=event["exit_code"],
                finished_at_ns=event["finished_at_ns"],
                oom_killed=event.get("oom_killed", False),
            )
        _tell(engine, container_id, event)
    return None


def _tell(engine: Engine, container_id: str, event: dict[str, Any]) -> None:
    container = engine.store.container(container_id)
    if container is None:
        return
    if event["event"] == "oom":
        engine.events.container("oom", container)
    elif event["event"] == "exec-exit":
        ended = engine.execs.end(event["exec_id"], event["exit_code"])
        if ended is not None:
            about = {"execID": ended.id, "exitCode": str(ended.exit_code)}
            engine.events.container("exec_die", container, about)


async def _ask(engine: Engine, container_id: str) -> ExitRecord | None:
    """Find out what became of a container whose shim no longer speaks to us."""
    try:
        state = await engine.runtime.state(container_id)
        if state.status is Status.STOPPED:
            return state.exit or _lost(engine)
        reader = await engine.runtime.watch(container_id)
    except LabError:
        return _lost(engine)
    return await _read_to_exit(engine, container_id, reader)


def _lost(engine: Engine) -> ExitRecord:
    return ExitRecord(LOST, engine.clock.now_ns())
