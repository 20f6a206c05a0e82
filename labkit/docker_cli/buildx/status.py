"""What a build tells on its way: BuildKit's ``SolveStatus``, one a line.

    {"vertexes": [{"digest", "name", "started", "completed", "cached", "error"}],
     "statuses": [{"vertex", "id", "current", "total", "started", "completed"}],
     "logs":     [{"vertex", "stream", "data", "timestamp"}],
     "warnings": [{"vertex", "short", "detail", "url", "sourceInfo", "range"}]}

Bytes are base64, times are RFC 3339. A vertex is told again whenever it changes.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labkit.docker_cli.buildx.errors import Source


@dataclass(frozen=True, slots=True)
class Vertex:
    """A step; times are seconds since 1970."""

    digest: str
    name: str
    started: float | None = None
    completed: float | None = None
    cached: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A part of a step: ``transferring context``, ``writing image``."""

    vertex: str
    id: str
    current: int = 0
    total: int = 0
    started: float | None = None
    completed: float | None = None


@dataclass(frozen=True, slots=True)
class Log:
    vertex: str
    data: bytes
    timestamp: float


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning, and the lines that it is about."""

    short: str
    url: str = ""
    detail: tuple[str, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One line of the stream; ``raw`` is the line itself."""

    raw: dict[str, Any]
    vertices: tuple[Vertex, ...] = ()
    tasks: tuple[Task, ...] = ()
    logs: tuple[Log, ...] = ()
    warnings: tuple[Warned, ...] = ()


def read_update(raw: dict[str, Any]) -> Update:
    """Read a line of the stream."""
    return Update(
        raw,
        tuple(_vertex(one) for one in raw.get("vertexes") or ()),
        tuple(_task(one) for one in raw.get("statuses") or ()),
        tuple(_log(one) for one in raw.get("logs") or ()),
        tuple(_warning(one) for one in raw.get("warnings") or ()),
    )


def _vertex(raw: dict[str, Any]) -> Vertex:
    return Vertex(
        digest=raw["digest"],
        name=raw.get("name", ""),
        started=_time(raw.get("started")),
        completed=_time(raw.get("completed")),
        cached=bool(raw.get("cached")),
        error=raw.get("error") or "",
    )


def _task(raw: dict[str, Any]) -> Task:
    return Task(
        vertex=raw["vertex"],
        id=raw.get("id") or raw.get("name", ""),
        current=int(raw.get("current") or 0),
        total=int(raw.get("total") or 0),
        started=_time(raw.get("started")),
        completed=_time(raw.get("completed")),
    )


def _log(raw: dict[str, Any]) -> Log:
    data = base64.b64decode(raw.get("data") or "")
    return Log(raw["vertex"], data, _time(raw.get("timestamp")) or 0.0)


def _warning(raw: dict[str, Any]) -> Warned:
    return Warned(
        short=_text(raw.get("short")),
        url=raw.get("url") or "",
        detail=tuple(_text(one) for one in raw.get("detail") or ()),
        source=_source(raw),
    )


def _source(raw: dict[str, Any]) -> Source | None:
    info, ranges = raw.get("sourceInfo"), raw.get("range")
    if not info or not ranges:
        return None
    first, last = ranges[0]["start"]["line"], ranges[-1]["end"]["line"]
    return Source(info.get("filename", ""), _text(info.get("data")), first, last)


def _text(data: str | None) -> str:
    return base64.b64decode(data or "").decode("utf-8", "replace")


def _time(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None
