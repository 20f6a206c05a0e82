"""A folder that is filled entry by entry, from which no name leads out.

Every entry is made relative to an open folder (openat(2) and its kin), never by a whole
path: a path is looked up anew by each call, and whoever can plant a symlink in it
decides where it ends. Folders on the way are opened one after another without following
links. Where a layer has a link in the middle of a name (``lib`` -> ``usr/lib``, then
``lib/x``) it is followed as the container would see it, with the layer's root as ``/``:
openat2(2), RESOLVE_IN_ROOT.
"""

import errno
import os
import shutil
import stat
from collections import OrderedDict
from pathlib import Path
from typing import Self

from labkit.base.errors import InvalidInputError, os_reason
from labkit.kernel import libc

Parts = tuple[str, ...]

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# openat2(2): links lead nowhere but below the root, and never through /proc's magic.
_RESOLVE_IN_ROOT = 0x10
_RESOLVE_NO_MAGICLINKS = 0x02
_MOST_OPEN = 128
_IMPLIED_MODE = 0o755


class Tree:
    """The folder at ``path``; a context manager, since it holds folders open."""

    def __init__(self, path: Path) -> None:
        self.root = os.open(path, _FOLDER)
        self._open: OrderedDict[Parts, int] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.forget()
        os.close(self.root)

    def folder(self, parts: Parts, create: bool = True) -> int:
        """Return an open folder; it stays valid until the next call.

        Args:
            create: make folders that the layer did not mention, as root's.

        Raises:
            FileNotFoundError: it is not there and was not to be made.
        """
        if not parts:
            return self.root
        known = self._open.get(parts)
        if known is not None:
            self._open.move_to_end(parts)
            return known
        parent = self.folder(parts[:-1], create)
        opened = self._enter(parent, parts, create)
        if len(self._open) >= _MOST_OPEN:
            _, oldest = self._open.popitem(last=False)
            os.close(oldest)
        self._open[parts] = opened
        return opened

    def forget(self) -> None:
        """Close all open folders: names may mean something else from now on."""
        for fd in self._open.values():
            os.close(fd)
        self._open.clear()

    def remove(self, parts: Parts) -> bool:
        """Remove an entry, with all below it; return whether there was one."""
        parent = self.folder(parts[:-1])
        status = self.status(parts)
        if status is None:
            return False
        if stat.S_ISDIR(status.st_mode):
            shutil.rmtree(parts[-1], dir_fd=parent)
            self.forget()
        else:
            os.unlink(parts[-1], dir_fd=parent)
            if stat.S_ISLNK(status.st_mode):
                self.forget()
        return True

    def status(self, parts: Parts) -> os.stat_result | None:
        """Look at an entry itself, not at what it links to."""
        try:
            parent = self.folder(parts[:-1], create=False)
            return os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def _enter(self, parent: int, parts: Parts, create: bool) -> int:
        name = parts[-1]
        try:
            return os.open(name, _FOLDER, dir_fd=parent)
        except OSError as error:
            if error.errno == errno.ENOENT and create:
                os.mkdir(name, _IMPLIED_MODE, dir_fd=parent)
                os.chmod(name, _IMPLIED_MODE, dir_fd=parent)  # whatever our umask is
                return os.open(name, _FOLDER, dir_fd=parent)
            if error.errno not in (errno.ENOTDIR, errno.ELOOP):
                raise
        return self._follow(parts)

    def _follow(self, parts: Parts) -> int:
        path = "/".join(parts)
        try:
            return libc.openat2(
                self.root,
                path,
                os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC,
                0,
                _RESOLVE_IN_ROOT | _RESOLVE_NO_MAGICLINKS,
            )
        except OSError as error:
            raise InvalidInputError(
                f"cannot go through {path!r}: it is no folder ({os_reason(error)})"
            ) from error
