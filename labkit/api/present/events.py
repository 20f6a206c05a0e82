"""Events as ``GET /events`` streams them, one JSON document a line."""

from typing import Any

from labkit.engine.model import Event

_SECOND_NS = 1_000_000_000
_TYPES_WITH_OLD_FIELDS = ("container", "image")


def describe_event(event: Event) -> dict[str, Any]:
    """Spell an event; containers and images repeat theirs in fields of API 1.21."""
    old: dict[str, Any] = {}
    if event.type in _TYPES_WITH_OLD_FIELDS:
        old = {"status": event.action, "id": event.actor_id}
        image = event.attributes.get("image")
        if event.type == "container" and image:
            old["from"] = image
    return {
        **old,
        "Type": event.type,
        "Action": event.action,
        "Actor": {"ID": event.actor_id, "Attributes": dict(event.attributes)},
        "scope": "local",
        "time": event.time_ns // _SECOND_NS,
        "timeNano": event.time_ns,
    }
