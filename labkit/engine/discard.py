"""Making a container that does not run disappear: the end of ``rm`` and ``--rm``.

The record goes first, durably. A crash right after leaves a folder that no record
knows, and opening the engine sweeps such folders away; the other way round it would
leave a container without its files.
"""

import asyncio
import shutil
from dataclasses import replace

from labkit.base.errors import ConflictError
from labkit.engine.engine import Engine
from labkit.engine.images.inspect import find_image
from labkit.engine.model import Container, Status
from labkit.engine.overlays import sweep
from labkit.engine.volumes.remove import remove_unused
from labkit.engine.waiters import WaitOutcome


async def discard(engine: Engine, container: Container, volumes: bool) -> None:
    """Remove a container, and with ``volumes`` its anonymous volumes."""
    engine.store.show(replace(container, status=Status.REMOVING))
    engine.streams.fail(container.id, f"container {container.name} was removed")
    await engine.store.remove(container)
    engine.execs.forget_container(container.id)
    folder = engine.container_folder(container.id)
    engine.overlays.pop(container.id, None)
    engine.backoffs.pop(container.id, None)
    await engine.snapshots.discard(folder)
    await asyncio.to_thread(shutil.rmtree, folder, True)
    if volumes:
        await _remove_volumes(engine, container)
    if await _has_lost_its_image(engine, container):
        await sweep(engine)  # nobody else may need its layers
    engine.events.container("destroy", container)
    outcome = WaitOutcome(container.exit_code)
    engine.waiters.wake(container.id, "exit", outcome)
    engine.waiters.wake(container.id, "removed", outcome)


async def _has_lost_its_image(engine: Engine, container: Container) -> bool:
    """Tell whether the image was removed by force; asked once for each image."""
    if container.image_id in engine.images_there:
        return False
    # Before it is looked for: who removes it meanwhile takes it out again.
    engine.images_there.add(container.image_id)
    if await find_image(engine, container) is not None:
        return False
    engine.images_there.discard(container.image_id)
    return True


async def _remove_volumes(engine: Engine, container: Container) -> None:
    for point in container.mounts:
        volume = engine.store.volume(point.name) if point.name else None
        if volume is None or not volume.anonymous:
            continue
        try:
            await remove_unused(engine, volume)
        except ConflictError:
            continue  # another container has it by --volumes-from
