"""Turns a container's upper folder into a layer's tar.

The tar is a function of the folder's content alone: names in order, no user names, no
access times, seconds only (as Docker writes), so that the same changes give the same
digest. What overlayfs keeps as devices and attributes becomes ``.wh.`` files again.
"""

import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from labkit.snapshots import marks
from labkit.snapshots.held import held_folder
from labkit.snapshots.model import LayerUsage

_COPY_BYTES = 1 << 18
_NANOSECONDS = 1_000_000_000
_XATTR = "SCHILY.xattr."
# Access lists are spelled by attributes of the same names; all of them travel. What
# security modules of this machine put on files is not content.
_LOCAL_XATTRS = ("security.selinux", "security.ima", "security.evm")

Wanted = Callable[[str], bool]


@dataclass(slots=True)
class _Writer:
    out: BinaryIO
    written: int = 0
    files: int = 0
    file_bytes: int = 0
    links: dict[tuple[int, int], str] = field(default_factory=dict)

    def header(self, info: tarfile.TarInfo) -> None:
        self._write(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))

    def content(self, path: Path, size: int) -> None:
        """Write exactly ``size`` bytes: a running program may change the file."""
        self.files += 1
        self.file_bytes += size
        left = size
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            while left and (data := os.read(fd, min(left, _COPY_BYTES))):
                self._write(data)
                left -= len(data)
        finally:
            os.close(fd)
        while left:
            zeros = bytes(min(left, _COPY_BYTES))
            self._write(zeros)
            left -= len(zeros)
        self._write(bytes(-size % tarfile.BLOCKSIZE))

    def end(self) -> None:
        self._write(bytes(2 * tarfile.BLOCKSIZE))

    def _write(self, data: bytes) -> None:
        self.out.write(data)
        self.written += len(data)


def pack_layer(
    folder: Path,
    out: BinaryIO,
    wanted: Wanted = lambda _: True,
    deleted: tuple[str, ...] = (),
) -> int:
    """Write a folder as a layer; return the tar's length.

    Args:
        wanted: which paths (``etc/hosts``) to write; folders on the way are asked, too.
        deleted: paths for which to add whiteouts, beside those found.
    """
    writer = _Writer(out)
    for name, path in _walk_held(folder, ""):
        if wanted(name):
            _add(writer, name, path)
    for name in sorted(deleted):
        writer.header(_whiteout(name))
    writer.end()
    return writer.written


def pack_counted(folder: Path, out: BinaryIO) -> LayerUsage:
    """Write a folder that nobody changes as a layer, and say what is in it."""
    writer = _Writer(out)
    for name, path in _walk(folder, ""):
        _add(writer, name, path)
    writer.end()
    return LayerUsage(writer.file_bytes, writer.files)


def pack_tree(path: Path, name: str, out: BinaryIO) -> None:
    """Write a file, or a folder with all that is in it, under a name.

    Without a name only what is in the folder is written.
    The caller has made the path's surroundings its root: names are looked up by path.
    """
    writer = _Writer(out)
    if name:
        _add(writer, name, path)
    prefix = f"{name}/" if name and not name.endswith("/") else name
    if stat.S_ISDIR(path.lstat().st_mode):
        for child, below in _walk(path, prefix):
            _add(writer, child, below)
    writer.end()


def folder_bytes(folder: Path) -> int:
    """Add up the files and links of a folder, each inode once."""
    seen: set[int] = set()
    total = 0
    for _, path in _walk_held(folder, ""):
        status = path.lstat()
        counts = stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)
        if counts and status.st_ino not in seen:
            seen.add(status.st_ino)
            total += status.st_size
    return total


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Yield names below a folder, in order, a folder before what is in it."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((e.name, e.is_dir(follow_symlinks=False)) for e in entries)
    except (FileNotFoundError, NotADirectoryError):
        return  # a running container removed it meanwhile
    for name, is_folder in found:
        path = folder / name
        yield prefix + name, path
        if is_folder:
            yield from _walk(path, f"{prefix}{name}/")


def _walk_held(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Do the same where a container could put a link in a folder's place."""
    with held_folder(folder) as held:
        if held is None:
            return
        with os.scandir(held) as entries:
            found = sorted((e.name, e.is_dir(follow_symlinks=False)) for e in entries)
        for name, is_folder in found:
            yield prefix + name, held / name
            if is_folder:
                yield from _walk_held(held / name, f"{prefix}{name}/")


def _add(writer: _Writer, name: str, path: Path) -> None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return  # a running container removed it meanwhile
    if marks.is_whiteout(status):
        writer.header(_whiteout(name))
        return
    info = _describe(name, path, status)
    if info is None:
        return
    if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
        first = writer.links.setdefault((status.st_dev, status.st_ino), name)
        if first != name:
            info.type, info.linkname, info.size = tarfile.LNKTYPE, first, 0
            info.pax_headers = {}
    writer.header(info)
    if info.type == tarfile.REGTYPE:
        writer.content(path, info.size)
    elif info.isdir() and marks.is_opaque(path):
        # A dockerd gives this mark the folder's own looks.
        opaque = _mark(f"{name}/{marks.OPAQUE_NAME}")
        opaque.mode, opaque.uid, opaque.gid = info.mode, info.uid, info.gid
        writer.header(opaque)


def _describe(name: str, path: Path, status: os.stat_result) -> tarfile.TarInfo | None:
    """Return an entry's header; None for what a tar has no word for (sockets)."""
    kind = _type_of(status.st_mode)
    if kind is None:
        return None
    info = tarfile.TarInfo(name)
    info.type = kind
    info.mode = stat.S_IMODE(status.st_mode)
    info.uid, info.gid = status.st_uid, status.st_gid
    info.mtime = status.st_mtime_ns // _NANOSECONDS  # a float would round up
    if kind == tarfile.REGTYPE:
        info.size = status.st_size
    elif kind == tarfile.SYMTYPE:
        info.linkname = os.readlink(path)
    elif kind in (tarfile.CHRTYPE, tarfile.BLKTYPE):
        info.devmajor = os.major(status.st_rdev)
        info.devminor = os.minor(status.st_rdev)
    info.pax_headers = _xattrs(path)
    return info


def _type_of(mode: int) -> bytes | None:
    return {
        stat.S_IFREG: tarfile.REGTYPE,
        stat.S_IFDIR: tarfile.DIRTYPE,
        stat.S_IFLNK: tarfile.SYMTYPE,
        stat.S_IFCHR: tarfile.CHRTYPE,
        stat.S_IFBLK: tarfile.BLKTYPE,
        stat.S_IFIFO: tarfile.FIFOTYPE,
    }.get(stat.S_IFMT(mode))


def _xattrs(path: Path) -> dict[str, str]:
    left_out = marks.OVERLAY_PREFIXES + _LOCAL_XATTRS
    return {
        _XATTR + name: os.getxattr(path, name, follow_symlinks=False).decode(
            errors="surrogateescape"
        )
        for name in sorted(os.listxattr(path, follow_symlinks=False))
        if not name.startswith(left_out)
    }


def _whiteout(name: str) -> tarfile.TarInfo:
    folder, _, last = name.rpartition("/")
    hidden = f"{marks.WHITEOUT_PREFIX}{last}"
    return _mark(f"{folder}/{hidden}" if folder else hidden)


def _mark(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.mode = 0o600  # as a dockerd has it: then a layer has the same digest
    return info
