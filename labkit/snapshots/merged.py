"""What a stack of layer folders shows, looked up without mounting anything."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from labkit.snapshots import marks


def look_up(lower: tuple[Path, ...], name: str) -> Path | None:
    """Return the entry that a name (``etc/hosts``) shows, or None.

    ``lower`` is top first. Links on the way are not followed.
    """
    parent, _, last = name.rpartition("/")
    for folder in _folders(lower, parent):
        status = _status(folder / last)
        if status is not None:
            return None if marks.is_whiteout(status) else folder / last
    return None


def list_names(lower: tuple[Path, ...], name: str) -> set[str]:
    """Return the names in a folder of the stack."""
    shown: set[str] = set()
    decided: set[str] = set()
    for folder in _folders(lower, name):
        with os.scandir(folder) as entries:
            for entry in entries:
                is_new = entry.name not in decided
                if is_new and not marks.is_whiteout(entry.stat(follow_symlinks=False)):
                    shown.add(entry.name)
                decided.add(entry.name)
    return shown


def _folders(lower: tuple[Path, ...], name: str) -> Iterator[Path]:
    """Yield the folders that overlayfs merges under a name, top first.

    The search ends at a whiteout, at anything that is no folder, and below an opaque
    folder, be it the one named or one on the way to it.
    """
    parts = name.split("/") if name else []
    for layer in lower:
        path, is_last = layer, False
        for part in parts:
            path = path / part
            status = _status(path)
            if status is None:
                break
            if not stat.S_ISDIR(status.st_mode):
                return
            is_last = is_last or marks.is_opaque(path)
        else:
            yield path
        if is_last:
            return


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
