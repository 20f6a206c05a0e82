"""``docker start``."""

from labkit.base.errors import NotModified
from labkit.engine.containers.started import tell_started
from labkit.engine.discard import discard
from labkit.engine.engine import Engine
from labkit.engine.launch import launch
from labkit.engine.lifecycle import follow
from labkit.engine.model import Container, Status
from labkit.engine.revive import cancel_revival


async def start(engine: Engine, ref: str) -> None:
    """Start a container.

    Raises:
        NotModified: it runs already.
        ConflictError: its state forbids it.
        LabError: it can't be started; it stays as it was and remembers why.
    """
    container = engine.store.find_container(ref)
    await engine.complete(_start(engine, container.id), f"start {container.id}")


async def _start(engine: Engine, container_id: str) -> None:
    cancel_revival(engine, container_id)
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        if container.status is Status.RUNNING:
            raise NotModified("container already started")
        follow(container, "start")
        tell_started(engine, await start_locked(engine, container))


async def start_locked(engine: Engine, container: Container) -> Container:
    """Launch a container whose lock the caller holds.

    One that was to vanish at its end vanishes also when it could not begin.
    """
    try:
        return await launch(engine, container)
    except BaseException:
        after = engine.store.container(container.id)
        if container.host_config.auto_remove and after is not None:
            await discard(engine, after, volumes=True)
        raise
