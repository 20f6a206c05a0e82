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
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from labkit.base.digest import Digest
from labkit.base.errors import InternalError
from labkit.snapshots.model import Limits
from labkit.snapshots.tree import Tree
from labkit.snapshots.unpack import split_name

_CHUNK_BYTES = 1 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PERMISSIONS = 0o7777


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
        with Tree(root) as tree:
            for name in sorted(names):
                *parents, leaf = split_name(os.fsencode(name), Limits()) or (".",)
                folder = tree.folder(tuple(parents), create=False)
                _put(total, os.fsencode(name))
                _put(total, _digest_entry(folder, leaf) or b"")
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise InternalError(
            f"cannot read {error.filename!r} of {str(root)!r}: {reason}"
        ) from error
    return Digest("sha256:" + total.hexdigest())


def _digest_entry(parent: int, name: str) -> bytes | None:
    """Digest one entry with all below it; None for what is never copied."""
    status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        return _digest_link(parent, name, status)
    if stat.S_ISDIR(status.st_mode):
        fd = os.open(name, _FOLDER, dir_fd=parent)
    elif stat.S_ISREG(status.st_mode):
        fd = os.open(name, _FILE, dir_fd=parent)
    else:
        return None
    try:
        opened = os.fstat(fd)  # of what was opened, should the name be another's now
        return _digest_folder(fd) if stat.S_ISDIR(opened.st_mode) else _digest_file(fd)
    finally:
        os.close(fd)


def _digest_file(fd: int) -> bytes:
    total = hashlib.sha256()
    status = os.fstat(fd)
    _put_head(total, b"file", status)
    _put_xattrs(total, fd)
    total.update(b"%d:" % status.st_size)
    while chunk := os.read(fd, _CHUNK_BYTES):
        total.update(chunk)
    return total.digest()


def _digest_folder(fd: int) -> bytes:
    total = hashlib.sha256()
    _put_head(total, b"folder", os.fstat(fd))
    _put_xattrs(total, fd)
    for name in sorted(os.listdir(fd)):
        if (digest := _digest_entry(fd, name)) is not None:
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
    names = sorted(os.listxattr(fd))
    total.update(b"%d:" % len(names))
    for name in names:
        _put(total, os.fsencode(name))
        _put(total, os.getxattr(fd, name))


def _put(total: _Hash, data: bytes) -> None:
    total.update(b"%d:" % len(data))
    total.update(data)
