"""``docker system df``."""

import asyncio
from dataclasses import dataclass

from labkit.engine.builds.prune import CacheUsage, cache_usage
from labkit.engine.containers.list import ContainerSummary, list_containers
from labkit.engine.engine import Engine
from labkit.engine.folders import folder_bytes
from labkit.engine.images.list import ImageSummary, list_images
from labkit.engine.model import Volume
from labkit.engine.volumes.inspect import volume_users


@dataclass(frozen=True, slots=True)
class VolumeUsage:
    """A volume, its bytes and how many containers mount it."""

    volume: Volume
    size: int
    users: int


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """What everything takes."""

    images: tuple[ImageSummary, ...]
    containers: tuple[ContainerSummary, ...]
    volumes: tuple[VolumeUsage, ...]
    layers_size: int
    build_cache: tuple[CacheUsage, ...] = ()


async def disk_usage(engine: Engine) -> DiskUsage:
    """Measure containers and volumes; images know their sizes."""
    images = await list_images(engine, all=True, filters={})
    containers = await list_containers(engine, all=True, size=True)
    volumes = []
    for volume in engine.store.volumes():
        size = await asyncio.to_thread(folder_bytes, volume.mountpoint)
        users = len(volume_users(engine, volume.name))
        volumes.append(VolumeUsage(volume, size, users))
    total = sum(summary.image.size for summary in images)
    cache = await cache_usage(engine)
    return DiskUsage(images, containers, tuple(volumes), total, cache)
