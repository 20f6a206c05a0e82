"""A container's folders of layers: remembered, or asked for again after a restart."""

from labkit.engine.engine import Engine
from labkit.engine.model import Container
from labkit.snapshots.model import OverlayDirs


async def overlay_dirs(engine: Engine, container: Container) -> OverlayDirs:
    """Return the folders of a container's tree."""
    known = engine.overlays.get(container.id)
    if known is not None:
        return known
    image = await engine.images.resolve(container.image_id)
    chain_ids = await engine.images.chain_ids(image)
    folder = engine.container_folder(container.id)
    dirs = await engine.snapshots.prepare(folder, chain_ids)
    engine.overlays[container.id] = dirs
    return dirs
