"""``docker rm``."""

from labkit.base.errors import ConflictError
from labkit.engine.discard import discard
from labkit.engine.engine import Engine
from labkit.engine.halt import kill_and_wait
from labkit.engine.lifecycle import follow
from labkit.engine.messages import default_link
from labkit.engine.model import Status

_RUNS = (Status.RUNNING, Status.PAUSED, Status.RESTARTING)


async def remove(
    engine: Engine,
    ref: str,
    force: bool = False,
    volumes: bool = False,
    link: bool = False,
) -> None:
    """Remove a container; ``force`` kills it first, ``volumes`` takes anonymous ones.

    Raises:
        ConflictError: it runs.
    """
    if link:
        engine.store.find_container(ref)
        raise ConflictError(default_link())
    container = engine.store.find_container(ref)
    await engine.complete(
        _remove(engine, container.id, force, volumes), f"remove {container.id}"
    )


async def _remove(
    engine: Engine, container_id: str, force: bool, volumes: bool
) -> None:
    container = engine.store.find_container(container_id)
    if force and container.status in _RUNS:
        await kill_and_wait(engine, container_id)
    async with engine.lock(container_id):
        present = engine.store.container(container_id)
        if present is None:
            return  # --rm was quicker
        follow(present, "remove")
        await discard(engine, present, volumes)
