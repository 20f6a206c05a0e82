"""Turns a layer's tar into a folder that overlayfs can stack.

The rules, each of which somebody's exploit has taught:

- a name is cut into its parts and rebuilt from the layer's root: ``/`` in front means
  nothing, ``..`` is refused; ``tree`` does the rest;
- an entry replaces what an earlier one of the same name made, but a folder on a folder
  only changes its mode and owner;
- a hard link may only lead to a file of this same layer;
- folders get their times last, since making an entry in a folder changes them;
- attributes of overlayfs itself are not content and are left out: a layer that could
  set ``trusted.overlay.redirect`` would choose which folders it shows;
- mode last, after the owner: chown(2) takes set-user-id bits and capabilities away.
"""

import contextlib
import enum
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from labkit.base.errors import InternalError, InvalidInputError, LabError, os_reason
from labkit.snapshots import marks, tar_reader
from labkit.snapshots.model import LayerUsage, Limits
from labkit.snapshots.tar_reader import Entry, TarReader
from labkit.snapshots.tree import Parts, Tree

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LAST_ID = 2**32 - 2
_NANOSECONDS = 1_000_000_000
# What ext4 can hold: 1901 ... 2446
_FIRST_TIME_NS = -(2**31) * _NANOSECONDS
_LAST_TIME_NS = (2**34 - 2**31 - 1) * _NANOSECONDS


class Devices(enum.Enum):
    """What to do with device nodes. Docker makes them as root and skips them else."""

    MAKE = "make"
    SKIP = "skip"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class UnpackOptions:
    """``is_root``: owners and privileged attributes are set; else they stay ours.

    ``apply_marks`` False keeps whiteouts as overlayfs wants them; True carries them
    out on what is in the folder already, for those who stack without overlayfs.
    """

    is_root: bool = True
    devices: Devices = Devices.MAKE
    overlay_prefix: str = marks.TRUSTED
    apply_marks: bool = False
    literal: bool = False  # whiteouts are files like others
    keep_kinds: bool = False  # no file in a folder's place, nor the other way round
    owner: tuple[int, ...] | None = None  # everybody's, instead of the tar's
    limits: Limits = field(default_factory=Limits)


def unpack_layer(tar: BinaryIO, target: Path, options: UnpackOptions) -> LayerUsage:
    """Unpack a plain tar into an existing folder; ``tar`` is read to its end.

    Raises:
        InvalidInputError: the tar is damaged or hostile; the folder is half full.
    """
    return unpack_into(tar, target, "/", options)


def unpack_into(
    tar: BinaryIO, root: Path, folder: str, options: UnpackOptions
) -> LayerUsage:
    """Unpack into a folder below a root; links lead anywhere below that root."""
    reader = TarReader(tar, options.limits)
    with Tree(root) as tree:
        base = split_name(os.fsencode(folder), options.limits)
        unpacker = _Unpacker(tree, reader, options, base)
        for entry in reader:
            unpacker.add(entry)
        unpacker.finish()
    return LayerUsage(unpacker.bytes, unpacker.files)


def split_name(name: bytes, limits: Limits) -> Parts:
    """Cut an entry's name into parts; the root itself has none."""
    if len(name) > limits.path_bytes:
        raise InvalidInputError(f"name of {len(name)} bytes is too long for a path")
    parts = tuple(
        os.fsdecode(part) for part in name.split(b"/") if part not in (b"", b".")
    )
    shown = repr(name.decode(errors="backslashreplace"))
    if ".." in parts:
        raise InvalidInputError(f"name {shown} leads out of the layer")
    if b"\0" in name:
        raise InvalidInputError(f"name {shown} holds a null byte")
    if len(parts) > limits.depth:
        raise InvalidInputError(f"name of {len(parts)} folders deep is too deep")
    if any(len(os.fsencode(part)) > limits.name_bytes for part in parts):
        raise InvalidInputError(f"name {shown[:80]} has a part that is too long")
    return parts


class _Unpacker:
    def __init__(
        self, tree: Tree, reader: TarReader, options: UnpackOptions, base: Parts
    ) -> None:
        self._tree = tree
        self._base = base
        self._reader = reader
        self._options = options
        self._folders: dict[Parts, Entry] = {}
        self._whiteouts: set[Parts] = set()
        self._kept: set[Parts] = set()  # what this layer itself made (apply_marks)
        self._left_out = marks.OVERLAY_PREFIXES + _forbidden_xattrs(options)
        self._claimed = 0
        self._entries = 0
        self.bytes = 0
        self.files = 0
        self._make: dict[str, Callable[[Entry, Parts, int], None]] = {
            tar_reader.FILE: self._make_file,
            tar_reader.HARD_LINK: self._make_hard_link,
            tar_reader.SYMLINK: self._make_symlink,
            tar_reader.CHAR: self._make_node,
            tar_reader.BLOCK_DEVICE: self._make_node,
            tar_reader.FIFO: self._make_node,
        }

    def add(self, entry: Entry) -> None:
        self._count(entry)
        own = split_name(entry.name, self._options.limits)
        parts = (*self._base, *own)
        is_mark = parts and parts[-1].startswith(marks.WHITEOUT_PREFIX)
        try:
            if self._options.literal and not own:
                return  # the folder unpacked into is not the tar's to change
            if is_mark and not self._options.literal:
                self._mark(entry, parts)
            elif entry.type == tar_reader.FOLDER:
                self._make_folder(entry, parts)
            elif not parts:
                raise InvalidInputError(f"the layer's root can't be a {entry.type!r}")
            else:
                self._replace(parts)
                self._make[entry.type](entry, parts, self._tree.folder(parts[:-1]))
                self._note(parts)
        except LabError as error:
            raise type(error)(f"cannot unpack {entry.shown}: {error}") from error
        except OSError as error:
            reason = os_reason(error)
            raise InternalError(f"cannot unpack {entry.shown}: {reason}") from error

    def finish(self) -> None:
        """Give the folders what making their entries would have changed."""
        deepest_first = sorted(self._folders, key=len, reverse=True)
        for parts in deepest_first:
            fd = self._tree.folder(parts, create=False)
            self._finish_fd(fd, self._folders[parts])

    def _count(self, entry: Entry) -> None:
        limits = self._options.limits
        self._entries += 1
        if self._entries > limits.entries:
            raise InvalidInputError(f"layer has more than {limits.entries} entries")
        if entry.type != tar_reader.FILE:
            return
        self._claimed += entry.size
        if self._claimed > limits.bytes:
            raise InvalidInputError(f"layer is larger than {limits.bytes} bytes")
        real = max(self._reader.bytes_read, 1)
        if (
            entry.sparse is not None
            and self._claimed > limits.ratio_from_bytes
            and self._claimed > limits.ratio * real
        ):
            raise InvalidInputError(
                f"sparse file {entry.shown} claims {entry.size} bytes "
                "out of next to nothing"
            )

    def _replace(self, parts: Parts) -> None:
        """Make room: an entry takes the place of an earlier one of its name."""
        if self._options.keep_kinds:
            _keep_kind(self._tree, parts, is_folder=False)
        if self._tree.remove(parts):
            self._whiteouts.discard(parts)
            self._forget_below(parts)

    def _forget_below(self, parts: Parts) -> None:
        depth = len(parts)
        for known in [known for known in self._folders if known[:depth] == parts]:
            del self._folders[known]

    def _note(self, parts: Parts) -> None:
        if self._options.apply_marks:
            self._kept.update(parts[: depth + 1] for depth in range(len(parts)))

    def _make_folder(self, entry: Entry, parts: Parts) -> None:
        if parts:
            if self._options.keep_kinds:
                _keep_kind(self._tree, parts, is_folder=True)
            status = self._tree.status(parts)
            if status is None or not stat.S_ISDIR(status.st_mode):
                hid_lower = parts in self._whiteouts
                self._replace(parts)
                os.mkdir(parts[-1], 0o700, dir_fd=self._tree.folder(parts[:-1]))
                if hid_lower:  # deleted and made anew: the old content must not show
                    self._hide_lower(parts)
            self._note(parts)
        self._folders[parts] = entry

    def _make_file(self, entry: Entry, parts: Parts, parent: int) -> None:
        fd = os.open(parts[-1], _NEW_FILE, 0o600, dir_fd=parent)
        try:
            end = 0
            for offset, data in self._reader.pieces(entry):
                if offset != end:
                    os.lseek(fd, offset, os.SEEK_SET)
                view = memoryview(data)
                while view:
                    view = view[os.write(fd, view) :]
                end = offset + len(data)
            if end != entry.size:
                os.ftruncate(fd, entry.size)
            self._finish_fd(fd, entry)
        finally:
            os.close(fd)
        self.bytes += entry.size
        self.files += 1

    def _make_hard_link(self, entry: Entry, parts: Parts, parent: int) -> None:
        target = (*self._base, *split_name(entry.link_name, self._options.limits))
        status = self._tree.status(target) if target else None
        if status is None or stat.S_ISDIR(status.st_mode):
            shown = repr(entry.link_name.decode(errors="backslashreplace"))
            raise InvalidInputError(f"hard link to {shown}, no file of this layer")
        # Both folders must be open at once, and the first may have been closed to
        # make room for the second.
        source = os.dup(self._tree.folder(target[:-1], create=False))
        try:
            os.link(
                target[-1],
                parts[-1],
                src_dir_fd=source,
                dst_dir_fd=self._tree.folder(parts[:-1]),
                follow_symlinks=False,
            )
        finally:
            os.close(source)

    def _make_symlink(self, entry: Entry, parts: Parts, parent: int) -> None:
        target = entry.link_name
        if not target or len(target) > self._options.limits.path_bytes:
            raise InvalidInputError(f"symbolic link to {len(target)} bytes")
        # A target may be anything, `../../etc/shadow` too: it is only text until the
        # container follows it, inside its own root.
        os.symlink(target, os.fsencode(parts[-1]), dir_fd=parent)
        self.bytes += len(target)  # as stat(2) says of a link
        self._finish_name(parts[-1], parent, entry)

    def _make_node(self, entry: Entry, parts: Parts, parent: int) -> None:
        if entry.type == tar_reader.FIFO:
            os.mkfifo(parts[-1], 0o600, dir_fd=parent)
            self._finish_name(parts[-1], parent, entry)
            return
        is_char = entry.type == tar_reader.CHAR
        if is_char and entry.major == entry.minor == 0:
            raise InvalidInputError("device 0/0 is overlayfs's own mark")
        if self._options.devices is Devices.REFUSE:
            raise InvalidInputError("device nodes are not allowed here")
        if self._options.devices is Devices.SKIP:
            return
        kind = stat.S_IFCHR if is_char else stat.S_IFBLK
        device = os.makedev(entry.major, entry.minor)
        os.mknod(parts[-1], kind | 0o600, device, dir_fd=parent)
        self._finish_name(parts[-1], parent, entry)

    def _mark(self, entry: Entry, parts: Parts) -> None:
        """Carry out a whiteout: it hides what lower layers have, not this one."""
        name = parts[-1]
        if name == marks.OPAQUE_NAME:
            self._tree.folder(parts[:-1])
            self._hide_lower(parts[:-1])
            return
        if name.startswith(marks.AUFS_PREFIX):
            return
        hidden = (*parts[:-1], name.removeprefix(marks.WHITEOUT_PREFIX))
        if hidden[-1] in ("", ".", ".."):
            raise InvalidInputError("whiteout of nothing")
        if self._options.apply_marks:
            self._remove_lower(hidden)
            return
        status = self._tree.status(hidden)
        if status is None:
            marks.make_whiteout(hidden[-1], self._tree.folder(hidden[:-1]))
            self._whiteouts.add(hidden)
        elif stat.S_ISDIR(status.st_mode):
            self._hide_lower(hidden)

    def _hide_lower(self, parts: Parts) -> None:
        if not self._options.apply_marks:
            fd = self._tree.folder(parts)
            marks.make_opaque(fd, self._options.overlay_prefix)
            return
        for name in os.listdir(self._tree.folder(parts)):
            self._remove_lower((*parts, name))

    def _remove_lower(self, parts: Parts) -> None:
        if parts not in self._kept:
            self._tree.remove(parts)
            return
        status = self._tree.status(parts)
        if status is not None and stat.S_ISDIR(status.st_mode):
            self._hide_lower(parts)

    def _finish_fd(self, fd: int, entry: Entry) -> None:
        self._chown(entry, lambda uid, gid: os.fchown(fd, uid, gid))
        for name, value in self._xattrs(entry):
            os.setxattr(fd, name, value)
        os.fchmod(fd, entry.mode)
        os.utime(fd, ns=_times(entry))

    def _finish_name(self, name: str, parent: int, entry: Entry) -> None:
        """The same for what must not be opened: links, pipes and devices."""
        self._chown(
            entry,
            lambda uid, gid: os.chown(
                name, uid, gid, dir_fd=parent, follow_symlinks=False
            ),
        )
        if xattrs := self._xattrs(entry):
            # There is no setxattrat(2) before 6.13. Nothing but us writes here, and
            # the name was made a moment ago.
            path = f"/proc/self/fd/{parent}/{name}"
            for key, value in xattrs:
                os.setxattr(path, key, value, follow_symlinks=False)
        if entry.type != tar_reader.SYMLINK:
            os.chmod(name, entry.mode, dir_fd=parent)
        os.utime(name, ns=_times(entry), dir_fd=parent, follow_symlinks=False)

    def _chown(self, entry: Entry, chown: Callable[[int, int], None]) -> None:
        for value in (entry.uid, entry.gid):
            if not 0 <= value <= _LAST_ID:
                raise InvalidInputError(f"owner {value} is out of range")
        if self._options.is_root:
            chown(*(self._options.owner or (entry.uid, entry.gid)))

    def _xattrs(self, entry: Entry) -> list[tuple[str, bytes]]:
        return [
            (name, value)
            for name, value in entry.xattrs.items()
            if not name.startswith(self._left_out)
        ]


def _keep_kind(tree: Tree, parts: Parts, is_folder: bool) -> None:
    """Refuse to put a file in a folder's place, or the other way round."""
    status = tree.status(parts)
    if status is None or stat.S_ISDIR(status.st_mode) == is_folder:
        return
    old, new = "non-directory", "directory"
    if not is_folder:
        old, new = new, old
    path = "/" + "/".join(parts)
    raise InvalidInputError(f'cannot overwrite {old} "{path}" with {new}')


def _forbidden_xattrs(options: UnpackOptions) -> tuple[str, ...]:
    """Name the attributes that we may not set (xattr(7))."""
    if not options.is_root:
        return ("security.", "trusted.")
    # Root of a user namespace may set file capabilities, but nothing ``trusted.``.
    return ("trusted.",) if options.overlay_prefix == marks.USER else ()


def _times(entry: Entry) -> tuple[int, int]:
    moment = min(max(entry.mtime_ns, _FIRST_TIME_NS), _LAST_TIME_NS)
    return moment, moment


def is_mapped_root() -> bool:
    """Tell whether we can give files to any owner."""
    if os.geteuid() != 0:
        return False
    with contextlib.suppress(FileNotFoundError), open("/proc/self/uid_map") as file:
        # A user namespace with a single id can give files to nobody else.
        return sum(int(line.split()[2]) for line in file) > 1
    return True
