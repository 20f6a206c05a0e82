"""The layer between image and container that holds mount points.

The runtime mounts files over ``/etc/hosts`` and the like, and a mount needs something
to be mounted on. Made in the container's upper they would be changes that ``docker
diff`` lists and ``docker commit`` keeps. So, as Docker does, they are made in a layer
of their own, which counts as below the container. What the image has stays the image's;
the layer depends on nothing else and is shared by all containers of an image.
"""

import os
import stat
from pathlib import Path

from labkit.snapshots import marks
from labkit.snapshots.merged import look_up

FOLDERS = ("dev/pts", "dev/shm", "proc", "sys")
FILES = (
    ".dockerenv",
    "dev/console",
    "etc/hostname",
    "etc/hosts",
    "etc/resolv.conf",
)
LINKS = {"etc/mtab": "/proc/mounts"}
_MODE = 0o755


def fill_init_layer(folder: Path, lower: tuple[Path, ...]) -> None:
    """Make in an empty folder what the stack below does not have."""
    for name in (*FOLDERS, *FILES, *LINKS):
        if look_up(lower, name) is None and _make_parents(folder, lower, name):
            _make(folder / name, name)
    for parent in ("dev", "etc", ""):
        _copy_metadata(folder, lower, parent)


def _make(path: Path, name: str) -> None:
    if name in LINKS:
        path.symlink_to(LINKS[name])
        return
    if name in FOLDERS:
        path.mkdir(exist_ok=True)
    else:
        path.touch()
    path.chmod(_MODE)


def _make_parents(folder: Path, lower: tuple[Path, ...], name: str) -> bool:
    """Return False where the image has something else than a folder on the way."""
    parent = name.rpartition("/")[0]
    if not parent:
        return True
    below = look_up(lower, parent)
    if below is not None and not stat.S_ISDIR(below.lstat().st_mode):
        return False
    path = folder / parent
    path.mkdir(exist_ok=True)
    path.chmod(_MODE)
    return True


def _copy_metadata(folder: Path, lower: tuple[Path, ...], name: str) -> None:
    """Give a folder the looks of the one it is merged with: the topmost one's count."""
    ours = folder / name
    if not ours.is_dir():
        return
    below = look_up(lower, name) if name else next(iter(lower), None)
    if below is None:
        return
    status = below.lstat()
    if os.geteuid() == 0:
        os.chown(ours, status.st_uid, status.st_gid)
    for attribute in os.listxattr(below, follow_symlinks=False):
        if not attribute.startswith(marks.OVERLAY_PREFIXES):
            os.setxattr(ours, attribute, os.getxattr(below, attribute))
    ours.chmod(stat.S_IMODE(status.st_mode))
    os.utime(ours, ns=(status.st_atime_ns, status.st_mtime_ns))
