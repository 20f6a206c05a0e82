"""``COPY --parents``: the folders on the way to a source come along.

``a/./b/*.txt`` has a pivot: what stands before ``/./`` is where the source is, what
comes after it is kept at the destination.
"""

import posixpath
from collections.abc import Iterator

from labkit.builder.copying import Copier, ensure_folder
from labkit.builder.place import Destination, Place, Target
from labkit.builder.sources import Origin, find_sources
from labkit.dockerfile.match import match
from labkit.snapshots.folders import Folder


def copy_with_parents(
    copier: Copier,
    origin: Origin,
    source: str,
    destination: Destination,
    target: Target,
) -> None:
    """Copy what a source means, each with its folders from the pivot on."""
    before, pivot, pattern = source.partition("/./")
    base, wanted = (before, pattern) if pivot else ("/", source)
    resolved = destination.view.resolve(target.path)
    for found in find_sources(origin, base):
        folder = origin.open(found.path)
        if folder is None:
            continue
        with folder, destination.open(resolved, target.new) as place:
            parts = [one for one in posixpath.normpath(wanted).split("/") if one]
            _copy(copier, folder, place, parts)


def _copy(copier: Copier, folder: Folder, place: Place, parts: list[str]) -> None:
    if not parts or parts == ["."]:
        copier.fill(folder, place)
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        _copy(copier, folder, place, rest)
    for name in _matching(folder, first):
        if not rest and first != "**":
            copier.put(folder, name, place, name)
            continue
        below = folder.enter(name)
        if below is None:
            continue
        deeper = parts if first == "**" else rest
        with below:
            if not _has_match(below, deeper):
                continue
            ensure_folder(place, name)
            with place.enter(name) as into:
                _copy(copier, below, into, deeper)
                copier.finish_folder(below.fd, into.fd)


def _matching(folder: Folder, pattern: str) -> Iterator[str]:
    for name in folder.names():
        wanted = pattern == "**" or match(pattern, name)
        if wanted and folder.look(name) is not None:
            yield name


def _has_match(folder: Folder, parts: list[str]) -> bool:
    if not parts:
        return True
    first, rest = parts[0], parts[1:]
    if first == "**" and _has_match(folder, rest):
        return True
    for name in _matching(folder, first):
        if not rest and first != "**":
            return True
        below = folder.enter(name)
        if below is not None:
            with below:
                if _has_match(below, parts if first == "**" else rest):
                    return True
    return False
