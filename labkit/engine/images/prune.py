"""``docker image prune``."""

from dataclasses import dataclass

from labkit.base.digest import Digest
from labkit.engine.containers.prune import until_ns
from labkit.engine.engine import Engine
from labkit.engine.filters import (
    PRUNE_IMAGES,
    Filters,
    boolean,
    check_names,
    match_labels,
)
from labkit.engine.images.inspect import image_users
from labkit.engine.images.remove import Removed, delete_image


@dataclass(frozen=True, slots=True)
class PrunedImages:
    """What went, and the bytes that came free at most (layers may be shared)."""

    removed: tuple[Removed, ...]
    space: int


async def prune_images(engine: Engine, filters: Filters) -> PrunedImages:
    """Remove images without a name; with ``dangling=false`` all unused ones."""
    check_names(filters, PRUNE_IMAGES)
    dangling_only = boolean(filters, "dangling", default=True)
    limit_ns = until_ns(engine, filters)
    removed: list[Removed] = []
    space = 0
    async with engine.lock("images"):
        for image in await engine.images.list():
            if (image.references and dangling_only) or image_users(engine, image):
                continue
            if image.id in await _parents(engine):
                continue
            if image.created_ns > limit_ns:
                continue
            if not match_labels(filters, image.config.config.labels):
                continue
            for name in image.references:
                await engine.images.untag(name)
                removed.append(Removed(untagged=name.familiar))
            removed += await delete_image(engine, image)
            space += image.size
    return PrunedImages(tuple(removed), space)


async def _parents(engine: Engine) -> set[Digest]:
    """Return what images that are still there were made from."""
    return {image.parent for image in await engine.images.list() if image.parent}
