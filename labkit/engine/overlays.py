"""A container's folders of layers: remembered, or asked for again after a restart."""

from labkit.base.digest import Digest
from labkit.engine.engine import Engine
from labkit.engine.model import Container
from labkit.snapshots.model import OverlayDirs


async def overlay_dirs(engine: Engine, container: Container) -> OverlayDirs:
    """Return the folders of a container's tree."""
    known = engine.overlays.get(container.id)
    if known is not None:
        return known
    chain_ids = container.layers
    if not chain_ids:  # of an image that has none, or made by an older engine
        image = await engine.images.resolve(container.image_id)
        chain_ids = await engine.images.chain_ids(image)
    folder = engine.container_folder(container.id)
    dirs = await engine.snapshots.prepare(folder, chain_ids)
    engine.overlays[container.id] = dirs
    return dirs


def layers_in_use(engine: Engine) -> frozenset[Digest]:
    """Return the topmost layers of all containers: they stay if an image goes."""
    containers = engine.store.containers()
    return frozenset(one.layers[-1] for one in containers if one.layers)


async def sweep(engine: Engine) -> None:
    """Remove layers that neither an image nor a container needs."""
    await engine.images.collect(layers_in_use(engine))
