"""``docker diff``: which files of its image a container added, changed or deleted."""

from labkit.engine.engine import Engine
from labkit.engine.overlays import overlay_dirs
from labkit.snapshots.model import Change


async def changes(engine: Engine, ref: str) -> tuple[Change, ...]:
    """Return what differs from the image, parents before children."""
    container = engine.store.find_container(ref)
    dirs = await overlay_dirs(engine, container)
    return await engine.snapshots.changes(dirs)
