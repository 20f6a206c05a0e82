"""Ending a container's first process: politely, then not."""

import asyncio
from dataclasses import replace

from labkit.base.errors import (
    ConflictError,
    InternalError,
    NotFoundError,
    UnavailableError,
)
from labkit.base.signals import parse_signal
from labkit.engine.engine import Engine
from labkit.engine.lifecycle import follow
from labkit.engine.model import Container, Status
from labkit.engine.revive import cancel_revival
from labkit.engine.waiters import WaitOutcome

SIGKILL, SIGTERM = 9, 15
DEFAULT_TIMEOUT = 10
_KILL_TIMEOUT = 10.0


async def halt(
    engine: Engine,
    container_id: str,
    signal: str = "",
    timeout: int | None = None,  # noqa: ASYNC109 - the container's time
) -> None:
    """Ask a container to end and wait; kill it when its time is over.

    ``timeout`` None means the container's own, else ten seconds; -1 waits for ever.
    """
    container = engine.store.find_container(container_id)
    number = stop_signal(container, signal)
    ended = engine.waiters.add(container_id, "exit")
    try:
        if not await _send(engine, container_id, number, "stop"):
            return
        seconds = _patience(container, timeout)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(ended)
            return
        except TimeoutError:
            await _send(engine, container_id, SIGKILL, "stop")
        await _await_death(container_id, ended)
    finally:
        ended.cancel()


async def kill_and_wait(engine: Engine, container_id: str) -> None:
    """Kill a container and return when it is settled."""
    ended = engine.waiters.add(container_id, "exit")
    try:
        if await _send(engine, container_id, SIGKILL, "stop"):
            await _await_death(container_id, ended)
    finally:
        ended.cancel()


async def send_signal(engine: Engine, container_id: str, number: int) -> None:
    """Send a signal that need not end anything."""
    await _send(engine, container_id, number, "kill")


def stop_signal(container: Container, wanted: str = "") -> int:
    """Return the signal that asks a container to end."""
    chosen = wanted or container.config.stop_signal
    return parse_signal(chosen) if chosen else SIGTERM


async def _send(engine: Engine, container_id: str, number: int, verb: str) -> bool:
    """Signal a container; False if it was not running after all."""
    cancel_revival(engine, container_id)
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        if container.status is Status.RESTARTING:
            await _give_up(engine, container)
            return False
        if verb == "stop" and container.status is Status.EXITED:
            return False  # it ended by itself while we were on our way
        follow(container, verb)
        deadly = number in (SIGKILL, stop_signal(container))
        if deadly and not engine.stopping:
            container = replace(container, stopped_by_user=True)
            await engine.store.save(container)
        try:
            await engine.runtime.kill(container_id, number)
        except (ConflictError, NotFoundError, UnavailableError):
            # Its end is known to the kernel, or its shim was killed and it with it:
            # what watches it is about to settle that.
            return verb == "stop" or number == SIGKILL
        engine.events.container("kill", container, {"signal": str(number)})
        if container.status is Status.PAUSED and deadly:
            # A frozen process takes no signal, not even SIGKILL on cgroup v1.
            await engine.runtime.unpause(container_id)
            engine.store.show(replace(container, status=Status.RUNNING))
            engine.events.container("unpause", container)
    return True


async def _give_up(engine: Engine, container: Container) -> None:
    """Stop a container that is between two restarts."""
    ended = replace(container, status=Status.EXITED, stopped_by_user=True)
    await engine.store.save(ended)


def _patience(container: Container, timeout: int | None) -> float | None:
    chosen = timeout if timeout is not None else container.config.stop_timeout
    if chosen is None:
        return float(DEFAULT_TIMEOUT)
    return None if chosen < 0 else float(chosen)


async def _await_death(container_id: str, ended: "asyncio.Future[WaitOutcome]") -> None:
    try:
        async with asyncio.timeout(_KILL_TIMEOUT):
            await asyncio.shield(ended)
    except TimeoutError as error:
        raise InternalError(
            f"cannot stop container {container_id}: tried to kill it, but did not "
            "receive an exit event"
        ) from error
