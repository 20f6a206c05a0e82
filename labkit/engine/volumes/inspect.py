"""``docker volume inspect``."""

from labkit.engine.engine import Engine
from labkit.engine.model import Volume


async def inspect_volume(engine: Engine, name: str) -> Volume:
    """Return a volume by its name."""
    return engine.store.find_volume(name)


def volume_users(engine: Engine, name: str) -> list[str]:
    """Return the ids of the containers that mount a volume, running or not."""
    return [
        container.id
        for container in engine.store.containers()
        if any(mount.name == name for mount in container.mounts)
    ]
