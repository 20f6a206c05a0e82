"""``docker volume ls``."""

from labkit.engine.engine import Engine
from labkit.engine.filters import (
    VOLUMES,
    Filters,
    boolean,
    check_names,
    match_exactly,
    match_labels,
    match_pattern,
)
from labkit.engine.model import Volume
from labkit.engine.volumes.inspect import volume_users


async def list_volumes(engine: Engine, filters: Filters) -> tuple[Volume, ...]:
    """Return the volumes that pass, by name."""
    check_names(filters, VOLUMES)
    boolean(filters, "dangling", default=True)  # refused though there is no volume
    found = [
        volume for volume in engine.store.volumes() if _passes(engine, volume, filters)
    ]
    return tuple(sorted(found, key=lambda volume: volume.name))


def _passes(engine: Engine, volume: Volume, filters: Filters) -> bool:
    if "dangling" in filters:
        unused = not volume_users(engine, volume.name)
        if unused != boolean(filters, "dangling", default=True):
            return False
    return (
        match_labels(filters, volume.labels)
        and match_pattern(filters, "name", volume.name)
        and match_exactly(filters, "driver", "local")
    )
