"""A folder of stacked layers, held open: walking down without mounting anything.

``view.py`` looks paths up; this is for those who visit everything below a folder, a
thousand files of it. Each level holds one descriptor a layer, topmost first, and goes
to the next by a name in them: no path is looked up twice, no link is followed, and a
folder of one single layer costs what a plain folder costs.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from labkit.snapshots import marks

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """One folder, merged from layers; a context manager.

    ``enter`` gives the folders below, each to be closed by who entered it.
    """

    def __init__(self, fds: tuple[int, ...]) -> None:
        self._fds = fds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for fd in self._fds:
            os.close(fd)

    @property
    def fd(self) -> int:
        """The topmost layer's folder, whose metadata count."""
        return self._fds[0]

    def names(self) -> list[str]:
        """Return what is in the folder, in order."""
        if len(self._fds) == 1:
            return sorted(os.listdir(self.fd))
        seen: set[str] = set()
        for fd in self._fds:
            seen.update(os.listdir(fd))
        return sorted(seen)

    def entries(self) -> Iterator[tuple[str, int, os.stat_result]]:
        """Yield name, the folder of the layer that shows it, and its status."""
        for name in self.names():
            found = self.look(name)
            if found is not None:
                yield name, *found

    def look(self, name: str) -> tuple[int, os.stat_result] | None:
        """Find an entry: the folder that shows it, and its status."""
        for fd in self._fds:
            try:
                status = os.stat(name, dir_fd=fd, follow_symlinks=False)
            except FileNotFoundError:
                continue
            return None if marks.is_whiteout(status) else (fd, status)
        return None

    def enter(self, name: str) -> "Folder | None":
        """Open a folder below, merged; None if there is none of that name."""
        opened: list[int] = []
        try:
            for fd in self._fds:
                below = _open(fd, name)
                if below is None:
                    if _is_there(fd, name):
                        break  # a whiteout or a file hides what lies further down
                    continue
                opened.append(below)
                if fd != self._fds[-1] and _is_opaque(below):
                    break
        except BaseException:
            for fd in opened:
                os.close(fd)
            raise
        return Folder(tuple(opened)) if opened else None


def open_root(layers: tuple[Path, ...]) -> Folder:
    """Open the topmost folder of layers, which come topmost first."""
    flags = _FOLDER & ~os.O_NOFOLLOW  # a layer may be named by a short link
    return Folder(tuple(os.open(layer, flags) for layer in layers))


def open_at(layers: tuple[Path, ...], path: str) -> Folder | None:
    """Open a folder by its path, in which no link is followed."""
    at: Folder | None = open_root(layers)
    for part in [piece for piece in path.split("/") if piece]:
        assert at is not None
        with at as above:
            at = above.enter(part)
        if at is None:
            return None
    return at


def _open(folder: int, name: str) -> int | None:
    try:
        return os.open(name, _FOLDER, dir_fd=folder)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            return None
        raise


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _is_opaque(fd: int) -> bool:
    return any(
        name.endswith("overlay.opaque") and os.getxattr(fd, name) == b"y"
        for name in os.listxattr(fd)
    )
