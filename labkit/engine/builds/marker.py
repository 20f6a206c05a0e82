"""``/.dockerenv``: what tells a program that Docker made its container.

It lies in the layer of mount points, which all containers of an image share. BuildKit's
containers have none: for theirs a whiteout hides it, which goes before the step's files
become a layer.
"""

import os

from labkit.snapshots.marks import is_whiteout, make_whiteout
from labkit.snapshots.model import OverlayDirs

_NAME = ".dockerenv"


def hide_marker(dirs: OverlayDirs) -> bool:
    """Hide it, unless it is the image's own; return whether it was hidden."""
    if not dirs.lower or not (dirs.lower[0] / _NAME).exists():
        return False
    folder = os.open(dirs.upper, os.O_RDONLY | os.O_DIRECTORY)
    try:
        make_whiteout(_NAME, folder)
    finally:
        os.close(folder)
    return True


def show_marker(dirs: OverlayDirs) -> None:
    """Take the whiteout away, unless the command made a file of its own there."""
    path = dirs.upper / _NAME
    if os.path.lexists(path) and is_whiteout(path.lstat()):
        path.unlink()
