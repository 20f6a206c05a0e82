"""One task a running container: it reads what the shim tells.

The shim speaks JSON lines: ``exit`` when the first process has ended (repeated at once
to whoever comes late), ``exec-exit`` for further processes, ``oom``. A connection that
ends without an exit means that the shim was killed; its container died with it, and
the runtime says so when asked.
"""

import json
import logging
from typing import Any

from labkit.base.errors import LabError, NotFoundError
from labkit.engine.engine import Engine
from labkit.engine.ports import Stream
from labkit.engine.settle import settle
from labkit.runtime.model import ExitRecord, Status

LOST = 137  # as if by SIGKILL
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0  # seconds
_log = logging.getLogger(__name__)


async def watch_container(engine: Engine, container_id: str) -> None:
    """Begin to watch; when this returns no end can be missed any more."""
    stream = await engine.runtime.watch(container_id)
    engine.watchers[container_id] = engine.tasks.spawn(
        _watch(engine, container_id, stream), f"watch {container_id}"
    )


async def _watch(engine: Engine, container_id: str, stream: Stream) -> None:
    record = await _read_to_exit(engine, container_id, stream)
    pause = _FIRST_PAUSE
    while record is None:
        # The connection broke; whether the container did, too, is another question.
        record = await _ask(engine, container_id)
        if record is None:
            await engine.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
    engine.watchers.pop(container_id, None)
    await settle(engine, container_id, record)


async def _read_to_exit(
    engine: Engine, container_id: str, stream: Stream
) -> ExitRecord | None:
    try:
        while line := await stream.reader.readline():
            event = json.loads(line)
            if event["event"] == "exit":
                return ExitRecord(
                    exit_code=event["exit_code"],
                    finished_at_ns=event["finished_at_ns"],
                    oom_killed=event.get("oom_killed", False),
                )
            _tell(engine, container_id, event)
    except ConnectionError as error:
        _log.warning("lost the watch of container %s: %s", container_id, error)
    finally:
        stream.writer.close()
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
        stream = await engine.runtime.watch(container_id)
    except NotFoundError:
        return _lost(engine)
    except LabError as error:
        _log.warning("cannot watch container %s: %s", container_id, error)
        return None
    return await _read_to_exit(engine, container_id, stream)


def _lost(engine: Engine) -> ExitRecord:
    return ExitRecord(LOST, engine.clock.now_ns())
