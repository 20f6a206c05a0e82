"""The steps of a build that are made on this side: sending, and what follows the build.

BuildKit shows them among the others: ``[internal] load build context``, ``exporting to
image``. They are told here, by the one who knows how many bytes went over.
"""

import hashlib
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.docker_cli.buildx.material import Material, Pieces
from labkit.docker_cli.buildx.status import Update, read_update

_CONTEXT = "[internal] load build context"


class Tell(Protocol):
    def __call__(self, update: Update, /) -> object: ...


def tell_definition(material: Material, tell: Tell) -> None:
    """Say that the Dockerfile was read, if it was read here."""
    if material.dockerfile_text is not None:
        size = len(material.dockerfile_text.encode("utf-8", "replace"))
        name = f"[internal] load build definition from {material.dockerfile_name}"
        _tell_whole(name, {"transferring dockerfile:": size}, _now(), tell)


def with_sizes(material: Material, tell: Tell) -> Material:
    """Return the same material, whose contexts say how large they were."""
    contexts = {
        name: _counted(f"[{name}] load build context" if name else _CONTEXT, one, tell)
        for name, one in material.contexts.items()
    }
    return replace(material, contexts=contexts)


def tell_export(image_id: str, names: Sequence[str], tell: Tell) -> None:
    """Say what the image is called."""
    tasks = {"exporting layers": 0, f"writing image {image_id}": 0}
    tasks |= {f"naming to {name}": 0 for name in names}
    _tell_whole("exporting to image", tasks, _now(), tell)


def with_whole_names(update: Update, contexts: Collection[str]) -> Update:
    """Name base images in full, as BuildKit does: ``docker.io/library/x:latest``.

    The names of ``contexts`` are no images' names.
    """
    if not any("] FROM " in vertex.name for vertex in update.vertices):
        return update
    raw = dict(update.raw)
    raw["vertexes"] = [
        {**one, "name": _whole_name(one.get("name", ""), contexts)}
        for one in raw["vertexes"]
    ]
    return read_update(raw)


def _whole_name(name: str, contexts: Collection[str]) -> str:
    place, is_from, base = name.partition("] FROM ")
    words = [word for word in base.split() if not word.startswith("--")]
    if not is_from or not words:
        return name
    if words[0] in contexts:
        return f"{place}] FROM {words[0]}"
    try:
        return f"{place}] FROM {parse_reference(words[0]).text}"
    except InvalidInputError:  # a variable, or nothing that can be
        return f"{place}] FROM {words[0]}"


def _counted(name: str, pieces: Pieces, tell: Tell) -> Pieces:
    def count() -> Iterator[bytes]:
        started, size = _now(), 0
        for piece in pieces():
            size += len(piece)
            yield piece
        _tell_whole(name, {"transferring context:": size}, started, tell)

    return count


def _tell_whole(name: str, tasks: Mapping[str, int], started: str, tell: Tell) -> None:
    """Tell of something that is over."""
    digest = f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
    times = {"started": started, "completed": _now()}
    raw: dict[str, Any] = {
        "vertexes": [{"digest": digest, "name": name, **times}],
        "statuses": [
            {"vertex": digest, "id": task, "current": size, **times}
            for task, size in tasks.items()
        ],
    }
    tell(read_update(raw))


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat()
