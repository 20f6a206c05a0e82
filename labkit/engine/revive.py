"""Bringing containers back as their restart policies want."""

import logging
from dataclasses import replace

from labkit.base.errors import LabError
from labkit.engine.containers.started import tell_started
from labkit.engine.engine import Engine
from labkit.engine.launch import launch
from labkit.engine.model import Container, Status

_NS = 1_000_000_000
_log = logging.getLogger(__name__)


async def serve_revivals(engine: Engine) -> None:
    """Start each container that ended and is to come back, after its time."""
    while True:
        container_id = await engine.to_revive.get()
        engine.revivals[container_id] = engine.tasks.spawn(
            _revive(engine, container_id), f"restart {container_id}"
        )


def cancel_revival(engine: Engine, container_id: str) -> None:
    """Give up a restart that waits for its time: somebody decided otherwise."""
    task = engine.revivals.pop(container_id, None)
    if task is not None:
        task.cancel()


async def _revive(engine: Engine, container_id: str) -> None:
    await engine.sleep(engine.backoffs.get(container_id, 0) / _NS)
    async with engine.lock(container_id):
        # From here on nobody can cancel half a start: verbs wait for the lock.
        engine.revivals.pop(container_id, None)
        container = engine.store.container(container_id)
        if container is None or container.status is not Status.RESTARTING:
            return
        await _start_again(engine, container)


async def _start_again(engine: Engine, container: Container) -> None:
    again = replace(container, restart_count=container.restart_count + 1)
    try:
        running = await launch(engine, again)
    except LabError as error:
        _log.warning("cannot restart container %s: %s", container.id, error)
        return
    tell_started(engine, running)
