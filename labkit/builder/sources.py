"""What a source of COPY means: names and wildcards, in a context or an image.

A source is looked up below the root of where it comes from, however many ``..`` it has.
The part before the first wildcard is a path whose links are followed; what is behind it
is matched name by name as Go's ``filepath.Match`` does, and a folder that matches is
taken whole.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labkit.dockerfile.match import has_wildcards, match
from labkit.snapshots.folders import Folder, open_at
from labkit.snapshots.view import LayerView


@dataclass(frozen=True, slots=True)
class Origin:
    """Where files come from: layers, topmost first; a context is one of them."""

    layers: tuple[Path, ...]

    @property
    def view(self) -> LayerView:
        return LayerView(self.layers)

    def open(self, path: str) -> Folder | None:
        """Open a folder by a path without links."""
        return open_at(self.layers, path)


@dataclass(frozen=True, slots=True)
class Found:
    """Something to copy: ``path`` is without links, ``name`` what it was found by."""

    name: str
    path: str
    is_folder: bool


def find_sources(origin: Origin, pattern: str) -> list[Found]:
    """Return what a source stands for, in order; nothing if nothing matches."""
    cleaned = posixpath.normpath("/" + pattern.lstrip("/"))
    fixed, wild = split_wildcards(cleaned)
    entry = origin.view.find(fixed) if origin.layers else None
    if entry is None:
        return []
    if not wild:
        name = posixpath.basename(cleaned)
        return [Found(name, entry.path, entry.is_folder)]
    folder = origin.open(entry.path) if entry.is_folder else None
    if folder is None:
        return []
    with folder:
        names = list(_matching(folder, "", wild))
    found = []
    for name in names:
        match = origin.view.find(posixpath.join(entry.path, name))
        if match is not None:
            found.append(Found(posixpath.basename(name), match.path, match.is_folder))
    return found


def split_wildcards(path: str) -> tuple[str, str]:
    """Cut a path before its first part with a wildcard."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        if has_wildcards(part):
            return "/".join(parts[:at]) or "/", "/".join(parts[at:])
    return path.replace("\\", ""), ""


def _matching(folder: Folder, prefix: str, pattern: str) -> Iterator[str]:
    """Yield paths that match, going no deeper than the pattern does."""
    first, _, rest = pattern.partition("/")
    for name in folder.names():
        if folder.look(name) is None or not match(first, name):
            continue
        if not rest:
            yield prefix + name
            continue
        below = folder.enter(name)
        if below is not None:
            with below:
                yield from _matching(below, f"{prefix}{name}/", rest)
