"""``docker images``."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from labkit.base.reference import Reference
from labkit.engine.engine import Engine
from labkit.engine.filters import (
    IMAGES,
    Filters,
    boolean,
    check_names,
    match_labels,
    match_reference,
)
from labkit.engine.images.inspect import image_users
from labkit.engine.moments import parse_moment
from labkit.images.model import Image


@dataclass(frozen=True, slots=True)
class ImageSummary:
    """One row, with the number of containers made from it."""

    image: Image
    containers: int


async def list_images(
    engine: Engine, all: bool, filters: Filters
) -> tuple[ImageSummary, ...]:
    """Return images, newest first; without ``all`` no intermediate ones."""
    check_names(filters, IMAGES)
    images = await engine.images.list()
    parents = {image.parent for image in images if image.parent}
    bounds = await _bounds(engine, filters)
    return tuple(
        ImageSummary(_asked_for(image, filters), len(image_users(engine, image)))
        for image in images
        if (all or image.references or image.id not in parents)
        and bounds[0] < image.created_ns < bounds[1]
        and _passes(image, filters)
    )


def _asked_for(image: Image, filters: Filters) -> Image:
    """Return an image with those of its names that a reference filter means."""
    patterns = filters.get("reference", ())
    if not patterns:
        return image

    def meant(names: Iterable[Reference]) -> tuple[Reference, ...]:
        return tuple(
            name
            for name in names
            if any(match_reference(pattern, name.familiar) for pattern in patterns)
        )

    return replace(
        image, names=meant(image.names), repo_digests=meant(image.repo_digests)
    )


def _passes(image: Image, filters: Filters) -> bool:
    dangling = boolean(filters, "dangling", default=not image.names)
    if dangling != (not image.names):
        return False
    patterns = filters.get("reference", ())
    names = [name.familiar for name in image.references]
    if patterns and not any(match_reference(pattern, *names) for pattern in patterns):
        return False
    return match_labels(filters, image.config.config.labels)


async def _bounds(engine: Engine, filters: Filters) -> tuple[float, float]:
    after = [
        (await engine.images.resolve(ref)).created_ns
        for ref in filters.get("since", ())
    ]
    before = [
        (await engine.images.resolve(ref)).created_ns
        for ref in filters.get("before", ())
    ]
    now = engine.clock.now_ns()
    before += [parse_moment(text, now) for text in filters.get("until", ())]
    return max(after, default=float("-inf")), min(before, default=float("inf"))
