"""``docker system df``."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.engine.builds.prune import CacheUsage, cache_usage
from labkit.engine.containers.list import ContainerSummary, list_containers
from labkit.engine.engine import Engine
from labkit.engine.folders import folder_bytes
from labkit.engine.images.list import ImageSummary, list_images
from labkit.engine.model import Volume
from labkit.engine.volumes.inspect import volume_users

KINDS = ("container", "image", "volume", "build-cache")


@dataclass(frozen=True, slots=True)
class VolumeUsage:
    """A volume, its bytes and how many containers mount it."""

    volume: Volume
    size: int
    users: int


@dataclass(frozen=True, slots=True)
class ImageUsage:
    """An image, and the bytes of those of its layers that others have, too."""

    summary: ImageSummary
    shared_size: int


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """What everything takes; None for what nobody asked about."""

    images: tuple[ImageUsage, ...] | None = None
    containers: tuple[ContainerSummary, ...] | None = None
    volumes: tuple[VolumeUsage, ...] | None = None
    layers_size: int = 0
    build_cache: tuple[CacheUsage, ...] | None = None


async def disk_usage(engine: Engine, kinds: Collection[str] = KINDS) -> DiskUsage:
    """Measure what is of some kinds.

    Raises:
        InvalidInputError: there is no such kind.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise InvalidInputError(f"unknown object type: {kind}")
    found = DiskUsage()
    if "image" in kinds:
        images = await list_images(engine, all=True, filters={})
        sizes = await _layer_sizes(engine, images)
        total = sum(sizes.values())
        found = replace(found, images=_share(images, sizes), layers_size=total)
    if "container" in kinds:
        rows = await list_containers(engine, all=True, size=True)
        found = replace(found, containers=rows)
    if "volume" in kinds:
        found = replace(found, volumes=await _volumes(engine))
    if "build-cache" in kinds:
        found = replace(found, build_cache=await cache_usage(engine))
    return found


async def _volumes(engine: Engine) -> tuple[VolumeUsage, ...]:
    volumes = []
    for volume in engine.store.volumes():
        size = await asyncio.to_thread(folder_bytes, volume.mountpoint)
        users = len(volume_users(engine, volume.name))
        volumes.append(VolumeUsage(volume, size, users))
    return tuple(volumes)


async def _layer_sizes(
    engine: Engine, images: Sequence[ImageSummary]
) -> dict[Digest, int]:
    sizes: dict[Digest, int] = {}
    for summary in images:
        found = await engine.images.layer_sizes(summary.image)
        sizes |= zip(summary.image.chain_ids, found, strict=True)
    return sizes


def _share(
    images: Sequence[ImageSummary], sizes: Mapping[Digest, int]
) -> tuple[ImageUsage, ...]:
    users = Counter(chain for summary in images for chain in summary.image.chain_ids)
    return tuple(
        ImageUsage(
            summary,
            sum(sizes[one] for one in summary.image.chain_ids if users[one] > 1),
        )
        for summary in images
    )
