"""``docker volume prune``: the volumes that no container uses."""

import asyncio

from labkit.base.errors import ConflictError
from labkit.engine.engine import Engine
from labkit.engine.filters import (
    PRUNE_VOLUMES,
    Filters,
    boolean,
    check_names,
    match_labels,
)
from labkit.engine.folders import folder_bytes
from labkit.engine.pruned import Pruned
from labkit.engine.volumes.inspect import volume_users
from labkit.engine.volumes.remove import remove_unused


async def prune_volumes(engine: Engine, filters: Filters) -> Pruned:
    """Remove unused anonymous volumes; named ones too with ``all=true``."""
    check_names(filters, PRUNE_VOLUMES)
    named_too = boolean(filters, "all", default=False)
    deleted, space = [], 0
    for volume in engine.store.volumes():
        if volume_users(engine, volume.name):
            continue
        if not (volume.anonymous or named_too):
            continue
        if not match_labels(filters, volume.labels):
            continue
        size = await asyncio.to_thread(folder_bytes, volume.mountpoint)
        try:
            await engine.complete(
                remove_unused(engine, volume), f"prune volume {volume.name}"
            )
        except ConflictError:
            continue  # somebody began to use it just now
        deleted.append(volume.name)
        space += size
    return Pruned(tuple(deleted), space)
