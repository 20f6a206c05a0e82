"""``docker volume rm``."""

import asyncio
import shutil

from labkit.base.errors import ConflictError
from labkit.engine.engine import Engine
from labkit.engine.messages import volume_in_use
from labkit.engine.model import Volume
from labkit.engine.volumes.inspect import volume_users


async def remove_volume(engine: Engine, name: str, force: bool = False) -> None:
    """Remove a volume that no container uses; ``force`` forgives an absent one."""
    if force and engine.store.volume(name) is None:
        return
    volume = engine.store.find_volume(name)
    await engine.complete(remove_unused(engine, volume), f"remove volume {name}")


async def remove_unused(engine: Engine, volume: Volume) -> None:
    """Remove a volume and its data.

    Raises:
        ConflictError: a container uses it.
    """
    async with engine.lock(f"volume {volume.name}"):
        users = volume_users(engine, volume.name)
        if users:
            raise ConflictError(volume_in_use(volume.name, users))
        # The record goes first: a crash in between leaves a folder that nobody knows,
        # which is better than a volume whose data is half gone.
        await engine.store.remove(volume)
        await asyncio.to_thread(shutil.rmtree, engine.volume_folder(volume.name), True)
    engine.events.volume("destroy", volume)
