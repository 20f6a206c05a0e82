"""The digest of what COPY and ADD take: the content half of a cache key.

A step may be taken from the cache if the files it copies are the same as then. *Same*
is what ends up in the image: names, kinds, modes, owners, bytes, the text of links and
extended attributes. Times are not part of it (as in BuildKit): a fresh checkout touches
every file and changes none.

    digest of a file     kind, mode, owner, attributes, size and bytes
    digest of a folder   kind, mode, owner, attributes, then name and digest of each
                         entry, sorted by name
    digest of a link     kind, owner, and the text that it leads to

Each field is written with its length in front, so that no two trees write the same
bytes. Links inside are never followed and every folder is entered by its descriptor:
nobody can put a link into a folder's place meanwhile; a link on the way to a name leads
nowhere but below the root. Sockets, pipes and devices are left out.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from labkit.base.digest import Digest
from labkit.base.errors import InternalError, os_reason
from labkit.snapshots.folders import Folder, open_at, open_root
from labkit.snapshots.marks import OVERLAY_PREFIXES
from labkit.snapshots.model import Limits
from labkit.snapshots.unpack import split_name
from labkit.snapshots.view import LayerView

_CHUNK_BYTES = 1 << 20
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PERMISSIONS = 0o7777

Left = Callable[[str], bool]
"""Tells which entries, by their path below what is copied, are left out."""


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def digest_contents(root: Path, names: Iterable[str] = (".",)) -> Digest:
    """Digest entries of a folder by their names relative to it, in any order.

    Raises:
        InternalError: an entry vanished or cannot be read.
        InvalidInputError: a name leads out of the folder.
    """
    total = hashlib.sha256()
    try:
        for name in sorted(names):
            _put(total, os.fsencode(name))
            _put(total, _digest_name((root,), name) or b"")
    except OSError as error:
        reason = os_reason(error)
        raise InternalError(
            f"cannot read {error.filename!r} of {str(root)!r}: {reason}"
        ) from error
    return Digest("sha256:" + total.hexdigest())


def digest_entry(parent: Folder, name: str, left: Left | None = None) -> bytes | None:
    """Digest one entry with all below it; None for what is never copied."""
    found = parent.look(name)
    if found is None:
        raise FileNotFoundError(2, os.strerror(2), name)
    return _digest(parent, name, *found, _Walk(left))


def digest_folder(folder: Folder, left: Left | None = None) -> bytes:
    """Digest a folder with all that is in it."""
    return _digest_folder(folder, _Walk(left))


class _Walk:
    """Where a walk is, for those who leave something out."""

    def __init__(self, left: Left | None, path: str = "") -> None:
        self._left = left
        self.path = path

    def skips(self, name: str) -> bool:
        return self._left is not None and self._left(f"{self.path}{name}")

    def below(self, name: str) -> "_Walk":
        return self if self._left is None else _Walk(self._left, f"{self.path}{name}/")


def _digest_name(layers: tuple[Path, ...], name: str) -> bytes | None:
    *parents, leaf = split_name(os.fsencode(name), Limits()) or (".",)
    if leaf == ".":
        with open_root(layers) as folder:
            return digest_folder(folder)
    above = LayerView(layers).find("/".join(parents))
    opened = open_at(layers, above.path) if above is not None else None
    if opened is None:
        raise FileNotFoundError(2, os.strerror(2), name)
    with opened as folder:
        return digest_entry(folder, leaf)


def _digest(
    parent: Folder, name: str, fd: int, status: os.stat_result, walk: _Walk
) -> bytes | None:
    if stat.S_ISLNK(status.st_mode):
        return _digest_link(fd, name, status)
    if stat.S_ISDIR(status.st_mode):
        below = parent.enter(name)
        if below is None:
            raise FileNotFoundError(2, os.strerror(2), name)
        with below as folder:
            return _digest_folder(folder, walk.below(name))
    if not stat.S_ISREG(status.st_mode):
        return None
    file = os.open(name, _FILE, dir_fd=fd)
    try:
        return _digest_file(file)
    finally:
        os.close(file)


def _digest_file(fd: int) -> bytes:
    total = hashlib.sha256()
    status = os.fstat(fd)
    _put_head(total, b"file", status)
    _put_xattrs(total, fd)
    total.update(b"%d:" % status.st_size)
    while chunk := os.read(fd, _CHUNK_BYTES):
        total.update(chunk)
    return total.digest()


def _digest_folder(folder: Folder, walk: _Walk) -> bytes:
    total = hashlib.sha256()
    _put_head(total, b"folder", os.fstat(folder.fd))
    _put_xattrs(total, folder.fd)
    for name, fd, status in folder.entries():
        if walk.skips(name) and not stat.S_ISDIR(status.st_mode):
            continue
        if (digest := _digest(folder, name, fd, status, walk)) is not None:
            _put(total, os.fsencode(name))
            _put(total, digest)
    return total.digest()


def _digest_link(parent: int, name: str, status: os.stat_result) -> bytes:
    total = hashlib.sha256()
    # A link's own mode is always 0777 and means nothing (symlink(7)).
    _put(total, b"link %d %d" % (status.st_uid, status.st_gid))
    _put(total, os.fsencode(os.readlink(name, dir_fd=parent)))
    return total.digest()


def _put_head(total: _Hash, kind: bytes, status: os.stat_result) -> None:
    mode = stat.S_IMODE(status.st_mode) & _PERMISSIONS
    _put(total, b"%s %o %d %d" % (kind, mode, status.st_uid, status.st_gid))


def _put_xattrs(total: _Hash, fd: int) -> None:
    """Add extended attributes; a set-capability program is another without them."""
    names = sorted(
        name for name in os.listxattr(fd) if not name.startswith(OVERLAY_PREFIXES)
    )
    total.update(b"%d:" % len(names))
    for name in names:
        _put(total, os.fsencode(name))
        _put(total, os.getxattr(fd, name))


def _put(total: _Hash, data: bytes) -> None:
    total.update(b"%d:" % len(data))
    total.update(data)
