"""A pull within a build as BuildKit's statuses: parts of the step that needs the image.

A layer has two, the second called ``extracting`` and the layer. Each is told as it
begins, while it goes on and, with ``completed``, as it ends.
"""

from dataclasses import dataclass, field
from typing import Any

from labkit.images.transfer import LayerStep, PullBegun, PullEvent, Stage

_EXTRACTS = (Stage.EXTRACTING, Stage.PULLED)
_ENDS = (Stage.DOWNLOADED, Stage.PULLED)
_TOLD = (Stage.DOWNLOADING, *_EXTRACTS, Stage.DOWNLOADED)


@dataclass(slots=True)
class PullStatus:
    """Remembers when each part began, and how large it is."""

    _began: dict[tuple[str, str], str] = field(default_factory=dict)
    _sizes: dict[tuple[str, str], int] = field(default_factory=dict)

    def describe(self, vertex: str, event: PullEvent, now: str) -> list[dict[str, Any]]:
        """Spell an event as statuses; some take none."""
        if isinstance(event, PullBegun):
            resolved = self._status(vertex, f"resolve {event.reference.text}", now)
            return [resolved | {"completed": now}]
        if not isinstance(event, LayerStep) or event.stage not in _TOLD:
            return []
        extracts = event.stage in _EXTRACTS
        name = f"extracting {event.layer}" if extracts else event.layer.text
        key = (vertex, name)
        self._sizes[key] = max(self._sizes.get(key, 0), event.total)
        total = self._sizes[key]
        ends = event.stage in _ENDS
        status = self._status(vertex, name, now)
        status |= {"current": total if ends else event.current, "total": total}
        return [status | ({"completed": now} if ends else {})]

    def _status(self, vertex: str, name: str, now: str) -> dict[str, Any]:
        began = self._began.setdefault((vertex, name), now)
        return {"id": name, "vertex": vertex, "timestamp": now, "started": began}
