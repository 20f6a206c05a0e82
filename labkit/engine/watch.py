"""One task a running container: it reads what the shim tells.

The shim speaks JSON lines: ``exit`` when the first process has ended (repeated at once
to whoever comes late), ``exec-exit`` for further processes, ``oom``. A connection that
ends without an exit means that the shim was killed; its container died with it, and
the runtime says so when asked.
"""

import asyncio
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


def watch_container(engine: Engine, container_id: str) -> asyncio.Event:
    """Begin to watch in the background; the event tells when somebody listens.

    The program may be started meanwhile: the shim repeats an exit to whoever comes
    late. The end of an exec it tells only once, so no client may run one before.
    """
    listening = asyncio.Event()
    engine.watchers[container_id] = engine.tasks.spawn(
        _watch(engine, container_id, listening), f"watch {container_id}"
    )
    return listening


async def _watch(engine: Engine, container_id: str, listening: asyncio.Event) -> None:
    pause = _FIRST_PAUSE
    while (record := await _await_exit(engine, container_id, listening)) is None:
        await engine.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
    engine.watchers.pop(container_id, None)
    await settle(engine, container_id, record)


async def _await_exit(
    engine: Engine, container_id: str, listening: asyncio.Event
) -> ExitRecord | None:
    """Listen to the shim until the exit; None if the connection broke before it."""
    try:
        stream = await engine.runtime.watch(container_id)
        listening.set()
        record = await _read_to_exit(engine, container_id, stream)
    except LabError as error:
        _log.debug("cannot watch container %s: %s", container_id, error)
        record = None
    listening.set()  # or there is nothing to listen to
    # Whether the container broke with the connection is another question.
    return record or await _ask(engine, container_id)


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
    except NotFoundError:
        return _lost(engine)
    except LabError as error:
        _log.warning("cannot ask about container %s: %s", container_id, error)
        return None
    if state.status is not Status.STOPPED:
        return None
    return state.exit or _lost(engine)


def _lost(engine: Engine) -> ExitRecord:
    return ExitRecord(LOST, engine.clock.now_ns())
