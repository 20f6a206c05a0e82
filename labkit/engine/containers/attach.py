"""``docker attach``: joining the streams of a container's first process."""

from labkit.engine.engine import Engine
from labkit.engine.lifecycle import follow
from labkit.engine.model import Status
from labkit.engine.streams import Attaching
from labkit.runtime.model import AttachOptions


async def attach(engine: Engine, ref: str, options: AttachOptions) -> Attaching:
    """Attach to a running container, or in advance to one that will be started.

    Raises:
        ConflictError: it is paused or about to restart.
    """
    container = engine.store.find_container(ref)
    async with engine.lock(container.id):
        container = engine.store.find_container(container.id)
        follow(container, "attach")
        if container.status is Status.RUNNING:
            attaching = Attaching(options)
            attaching.fulfil(await engine.runtime.attach(container.id, options))
        else:
            attaching = engine.streams.wait_for_start(container.id, options)
    engine.events.container("attach", container)
    return attaching
