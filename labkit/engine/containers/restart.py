"""``docker restart``: stop if it runs, then start."""

from dataclasses import replace

from labkit.base.errors import InternalError, LabError
from labkit.engine.containers.start import start_locked
from labkit.engine.containers.started import tell_started
from labkit.engine.containers.stop import RUNS
from labkit.engine.engine import Engine
from labkit.engine.halt import halt, stop_signal
from labkit.engine.lifecycle import follow
from labkit.engine.messages import cannot_restart
from labkit.engine.model import Status


async def restart(
    engine: Engine,
    ref: str,
    signal: str = "",
    timeout: int | None = None,  # noqa: ASYNC109 - the container's time
) -> None:
    """Stop and start a container; one with --rm survives it."""
    container = engine.store.find_container(ref)
    stop_signal(container, signal)
    try:
        await engine.complete(
            _restart(engine, container.id, signal, timeout), f"restart {container.id}"
        )
    except LabError as error:
        raise InternalError(cannot_restart(ref, error.message)) from error


async def _restart(
    engine: Engine,
    container_id: str,
    signal: str,
    timeout: int | None,  # noqa: ASYNC109 - the container's time
) -> None:
    container = engine.store.find_container(container_id)
    follow(container, "restart")
    keeps = container.host_config.auto_remove
    if keeps:
        _set_auto_remove(engine, container_id, wanted=False)
    try:
        if container.status in RUNS:
            await halt(engine, container_id, signal, timeout)
            engine.events.container("stop", container)
    finally:
        if keeps:
            _set_auto_remove(engine, container_id, wanted=True)
    async with engine.lock(container_id):
        stopped = engine.store.find_container(container_id)
        if stopped.status is not Status.RUNNING:  # somebody else was quicker
            follow(stopped, "start")
            running = await start_locked(engine, stopped)
            tell_started(engine, running)
    engine.events.container("restart", engine.store.find_container(container_id))


def _set_auto_remove(engine: Engine, container_id: str, wanted: bool) -> None:
    container = engine.store.find_container(container_id)
    host = replace(container.host_config, auto_remove=wanted)
    engine.store.show(replace(container, host_config=host))
