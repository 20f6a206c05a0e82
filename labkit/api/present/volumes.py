"""Volumes as ``docker volume inspect`` shows them."""

from datetime import UTC, datetime
from typing import Any

from labkit.engine.model import Volume

_SECOND_NS = 1_000_000_000


def describe_volume(volume: Volume) -> dict[str, Any]:
    """Spell a volume. Its time has no fraction, unlike every other time of the API."""
    created = datetime.fromtimestamp(volume.created_at // _SECOND_NS, UTC)
    return {
        "CreatedAt": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Driver": "local",
        "Labels": dict(volume.labels) or None,
        "Mountpoint": volume.mountpoint,
        "Name": volume.name,
        "Options": dict(volume.options) or None,
        "Scope": "local",
    }
