"""``docker stop``."""

from labkit.base.errors import NotModified
from labkit.engine.engine import Engine
from labkit.engine.halt import halt, stop_signal
from labkit.engine.model import Status

RUNS = (Status.RUNNING, Status.PAUSED, Status.RESTARTING)


async def stop(
    engine: Engine,
    ref: str,
    signal: str = "",
    timeout: int | None = None,  # noqa: ASYNC109 - the container's time
) -> None:
    """Ask a container to end, and kill it when its time is over.

    Raises:
        NotModified: it does not run.
    """
    container = engine.store.find_container(ref)
    stop_signal(container, signal)  # a signal that is none is refused at once
    if container.status not in RUNS:
        raise NotModified("container already stopped")
    await engine.complete(
        _stop(engine, container.id, signal, timeout), f"stop {container.id}"
    )


async def _stop(
    engine: Engine,
    container_id: str,
    signal: str,
    timeout: int | None,  # noqa: ASYNC109 - the container's time
) -> None:
    container = engine.store.find_container(container_id)
    await halt(engine, container_id, signal, timeout)
    engine.events.container("stop", container)
