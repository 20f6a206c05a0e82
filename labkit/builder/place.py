"""Where COPY and WORKDIR write: the folder that becomes a layer, over those below.

Nothing is mounted for it. What is written goes to an *upper* folder, as overlayfs would
have it: a folder that lower layers have is made again in it, with their mode and owner,
and what it does not mention shows through. Paths are looked up in the merged tree, so
that a link of the image (``/var/run`` -> ``/run``) leads where it leads in a container.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.snapshots import marks
from labkit.snapshots.folders import Folder, open_root
from labkit.snapshots.view import LayerView

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
DEFAULT_MODE = 0o755


@dataclass(frozen=True, slots=True)
class NewFolder:
    """How folders are made that nobody has yet."""

    mode: int = DEFAULT_MODE
    owner: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Target:
    """Where something goes in the image, and how folders on the way are made."""

    path: str
    new: NewFolder


class Place:
    """A folder of the upper, open, and what the layers below have in its place.

    ``below`` is None where they have no such folder: nothing need be asked then.
    """

    def __init__(self, fd: int, below: Folder | None) -> None:
        self.fd = fd
        self.below = below

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.fd)
        if self.below is not None:
            self.below.__exit__(None, None, None)

    def status(self, name: str) -> os.stat_result | None:
        """Look at an entry of the merged folder."""
        try:
            return os.stat(name, dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            pass
        found = self.below.look(name) if self.below is not None else None
        return found[1] if found is not None else None

    def enter(self, name: str) -> "Place":
        """Go into a folder that the upper has."""
        fd = os.open(name, _FOLDER, dir_fd=self.fd)
        return Place(fd, self.below.enter(name) if self.below is not None else None)

    def copy_up(self, name: str) -> None:
        """Make a folder in the upper that only lower layers have, as they have it."""
        assert self.below is not None
        source = self.below.enter(name)
        assert source is not None
        with source:
            status = os.fstat(source.fd)
            os.mkdir(name, 0o700, dir_fd=self.fd)
            fd = os.open(name, _FOLDER, dir_fd=self.fd)
            try:
                copy_attributes(source.fd, fd)
                own(fd, status.st_uid, status.st_gid)
                os.fchmod(fd, stat.S_IMODE(status.st_mode))
                os.utime(fd, ns=(status.st_mtime_ns, status.st_mtime_ns))
            finally:
                os.close(fd)


class Destination:
    """An upper folder on a stack of layers, which come topmost first."""

    def __init__(self, upper: Path, lower: tuple[Path, ...]) -> None:
        self.upper = upper
        self._lower = lower
        self.view = LayerView((upper, *lower))

    def is_folder(self, path: str) -> bool:
        found = self.view.find(path)
        return found is not None and found.is_folder

    def open(self, path: str, new: NewFolder) -> Place:
        """Open a folder by a path without links, making what is missing of it.

        Raises:
            InvalidInputError: something on the way is no folder.
        """
        fd = os.open(self.upper, _FOLDER & ~os.O_NOFOLLOW)
        at = Place(fd, open_root(self._lower) if self._lower else None)
        for part in [piece for piece in path.split("/") if piece]:
            with at as above:
                self._ensure(above, part, new, path)
                at = above.enter(part)
        return at

    def _ensure(self, above: Place, name: str, new: NewFolder, path: str) -> None:
        status = above.status(name)
        if status is None:
            os.mkdir(name, 0o700, dir_fd=above.fd)
            fd = os.open(name, _FOLDER, dir_fd=above.fd)
            try:
                own(fd, *new.owner)
                os.fchmod(fd, new.mode)
            finally:
                os.close(fd)
        elif not stat.S_ISDIR(status.st_mode):
            raise InvalidInputError(f"cannot create {path}: {name} is not a directory")
        elif not _has(above.fd, name):
            above.copy_up(name)


def own(fd: int, uid: int, gid: int) -> None:
    """Give a file away, where we may; an ordinary user's files stay his."""
    if os.geteuid() == 0:
        os.fchown(fd, uid, gid)


def copy_attributes(source: int, target: int) -> None:
    """Copy extended attributes, except those by which overlayfs keeps its books."""
    for name in os.listxattr(source):
        if not name.startswith(marks.OVERLAY_PREFIXES):
            os.setxattr(target, name, os.getxattr(source, name))


def _has(fd: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
