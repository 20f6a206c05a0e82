"""What a container's files are before anybody mounts them: layers, read from outside.

The engine needs three things from an image's tree while no container runs: the user
and group files (``USER app`` is a name, the kernel wants a number), the data that a new
volume is filled with, and whether a working directory is one. Mounting an overlay for
that costs more than reading, so this looks a path up as overlayfs would:

- the topmost layer that has an entry wins;
- a *whiteout* (a character device 0/0) hides what lies below it;
- directories of all layers are merged, down to the first *opaque* one.

A layer's content is the image author's, so no symlink is ever followed by the kernel:
each component is opened with O_NOFOLLOW beneath the one before, and links are resolved
here, inside the tree (a link to ``/etc/shadow`` is the image's own).
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError

_MOST_LINKS = 40  # path_resolution(7): the kernel's own limit
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPAQUE = ("trusted.overlay.opaque", "user.overlay.opaque")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the merged tree: in which layer, under which path."""

    path: str  # absolute, no links in it
    layer: Path
    status: os.stat_result

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.status.st_mode)


class LayerView:
    """The merged tree of some layers, topmost first."""

    def __init__(self, layers: tuple[Path, ...]) -> None:
        self._layers = layers

    def find(self, path: str) -> Entry | None:
        """Look a path up, links resolved; None if nothing is there."""
        return self._walk(path)[0]

    def resolve(self, path: str) -> str:
        """Say where a path leads, links resolved, even if nothing is there."""
        found, missing = self._walk(path)
        return found.path if found is not None else missing

    def _walk(self, path: str) -> tuple[Entry | None, str]:
        """Return what is at the end of a path; or None, and where it would be."""
        pending = [part for part in path.split("/") if part]
        current = self._root()
        links = 0
        while pending:
            part = pending.pop(0)
            if part == ".":
                continue
            if part == "..":
                above = self._entry(os.path.dirname(current.path))
                assert above is not None  # we came from there
                current = above
                continue
            child = self._child(current, part)
            if child is None:
                rest = os.path.join(current.path, part, *pending)
                return None, os.path.normpath(rest)
            if not child.is_link:
                current = child
                continue
            links += 1
            if links > _MOST_LINKS:
                raise InvalidInputError(
                    f"cannot look up {path!r} in the image: too many levels of links"
                )
            target = self._read_link(child)
            if target.startswith("/"):
                current = self._root()
            pending = [piece for piece in target.split("/") if piece] + pending
        return current, current.path

    def read(self, path: str, most_bytes: int = 1 << 20) -> bytes | None:
        """Return a file's content, at most so much; None if it is no file."""
        entry = self.find(path)
        if entry is None or not stat.S_ISREG(entry.status.st_mode):
            return None
        with ExitStack() as stack:
            fd = self.open(entry, stack)
            return os.read(fd, most_bytes) if fd is not None else None

    def children(self, folder: Entry) -> Iterator[Entry]:
        """Yield a folder's entries, as an overlay mount would list them."""
        seen: set[str] = set()
        for layer in self._layers_of(folder.path):
            with ExitStack() as stack:
                fd = _open_folder(layer, folder.path, stack)
                if fd is None:
                    continue
                for name in sorted(os.listdir(fd)):
                    if name in seen:
                        continue
                    seen.add(name)
                    status = os.lstat(name, dir_fd=fd)
                    if not _is_whiteout(status):
                        yield Entry(os.path.join(folder.path, name), layer, status)

    def open(self, entry: Entry, stack: ExitStack) -> int | None:
        """Open a regular file for reading; the stack closes it."""
        folder = _open_folder(entry.layer, os.path.dirname(entry.path), stack)
        if folder is None:
            return None
        # O_NONBLOCK: a container that runs may have put a fifo there meanwhile.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        fd = os.open(os.path.basename(entry.path), flags, dir_fd=folder)
        stack.callback(os.close, fd)
        return fd if stat.S_ISREG(os.fstat(fd).st_mode) else None

    def read_link(self, entry: Entry) -> str:
        return self._read_link(entry)

    def _root(self) -> Entry:
        return Entry("/", self._layers[0], os.lstat(self._layers[0]))

    def _entry(self, path: str) -> Entry | None:
        if path == "/":
            return self._root()
        return self._child_at(os.path.dirname(path), os.path.basename(path))

    def _child(self, folder: Entry, name: str) -> Entry | None:
        if not folder.is_folder:
            return None
        return self._child_at(folder.path, name)

    def _child_at(self, folder: str, name: str) -> Entry | None:
        for layer in self._layers_of(folder):
            status = _status(layer, folder, name)
            if status is None:
                continue
            if _is_whiteout(status):
                return None
            return Entry(os.path.join(folder, name), layer, status)
        return None

    def _layers_of(self, folder: str) -> Iterator[Path]:
        """Yield the layers whose version of a folder is part of the merged one."""
        live = list(self._layers)
        path = ""
        for part in [piece for piece in folder.split("/") if piece]:
            live = list(_merged(live, path or "/", part))
            path = f"{path}/{part}"
        yield from live

    def _read_link(self, entry: Entry) -> str:
        with ExitStack() as stack:
            folder = _open_folder(entry.layer, os.path.dirname(entry.path), stack)
            if folder is None:
                return ""
            return os.readlink(os.path.basename(entry.path), dir_fd=folder)


def _merged(layers: list[Path], parent: str, name: str) -> Iterator[Path]:
    """Yield the layers that contribute to ``parent/name``, topmost first."""
    for layer in layers:
        status = _status(layer, parent, name)
        if status is None:
            continue
        if not stat.S_ISDIR(status.st_mode):
            return  # a whiteout or a file hides what is below
        yield layer
        if _is_opaque(layer, os.path.join(parent, name)):
            return


def _status(layer: Path, folder: str, name: str) -> os.stat_result | None:
    with ExitStack() as stack:
        fd = _open_folder(layer, folder, stack)
        if fd is None:
            return None
        try:
            return os.lstat(name, dir_fd=fd)
        except FileNotFoundError:
            return None


def _open_folder(layer: Path, folder: str, stack: ExitStack) -> int | None:
    """Open a folder of one layer, component by component, following no link."""
    fd = os.open(layer, _FOLDER & ~os.O_NOFOLLOW)
    stack.callback(os.close, fd)
    for part in [piece for piece in folder.split("/") if piece]:
        try:
            fd = os.open(part, _FOLDER, dir_fd=fd)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:  # ELOOP: it is a link in this layer
            raise InvalidInputError(
                f"cannot open {folder!r} of layer {layer}: {error.strerror}"
            ) from error
        stack.callback(os.close, fd)
    return fd


def _is_whiteout(status: os.stat_result) -> bool:
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def _is_opaque(layer: Path, folder: str) -> bool:
    with ExitStack() as stack:
        fd = _open_folder(layer, folder, stack)
        if fd is None:
            return False
        # A listing first: asking for an absent attribute is an error to catch.
        return any(name in _OPAQUE for name in os.listxattr(fd))
