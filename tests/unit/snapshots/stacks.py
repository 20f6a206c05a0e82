"""Folders as layers, described in words: ``d/`` a folder, ``-a`` a whiteout,
``d/!`` an opaque folder, anything else a file."""

import os
from pathlib import Path

from labkit.snapshots import marks


def make_layer(path: Path, *entries: str) -> Path:
    path.mkdir()
    for entry in entries:
        parent, _, last = entry.rpartition("/")
        folder = path / parent
        folder.mkdir(parents=True, exist_ok=True)
        fd = os.open(folder, os.O_RDONLY)
        if last == "!":
            marks.make_opaque(fd, marks.USER)
        elif last.startswith("-"):
            marks.make_whiteout(last[1:], fd)
        elif last:
            (folder / last).write_text(path.name)
        os.close(fd)
    return path
