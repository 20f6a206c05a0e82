"""What mounts leave behind: the empty files and folders that they were mounted on.

The runtime makes what is missing on the way to a mount's target. In an image they would
be litter, so a step's are taken away again, unless the command put something there.
"""

import os
import posixpath
from collections.abc import Iterable
from pathlib import Path

from labkit.builder.sources import Origin


def find_stubs(origin: Origin, targets: Iterable[str]) -> tuple[str, ...]:
    """Return what mounts will make, deepest first: paths that aren't there yet."""
    view = origin.view if origin.layers else None
    missing: dict[str, None] = {}
    for target in targets:
        path = view.resolve(target) if view else posixpath.normpath(target)
        while path != "/" and (view is None or view.find(path) is None):
            missing[path] = None
            path = posixpath.dirname(path)
    return tuple(sorted(missing, key=lambda one: -one.count("/")))


def remove_stubs(upper: Path, stubs: Iterable[str]) -> None:
    """Remove what is still there and still empty."""
    for stub in stubs:
        path = upper / stub.lstrip("/")
        if not _is_below(upper, path):
            continue
        try:
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            elif path.is_file() and not path.is_symlink() and not path.stat().st_size:
                path.unlink()
        except OSError:
            continue  # it holds something: it is the command's


def _is_below(upper: Path, path: Path) -> bool:
    """Tell whether no link that the command made is on the way."""
    parent = os.path.realpath(path.parent)
    return parent == os.path.normpath(path.parent) or parent == str(
        Path(os.path.realpath(upper)) / path.parent.relative_to(upper)
    )
