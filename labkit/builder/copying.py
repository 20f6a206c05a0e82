"""Copying a file or a tree into the folder that becomes a layer.

The rules are BuildKit's (its ``fsutil``): modes, owners, times and attributes come
along, links are copied and not followed; a folder merges into one that is there,
anything else replaces a file and never a folder.

A file that is copied without a change is not copied at all: layers never change, so
the new one gets a hard link to the same bytes, be they a layer's or the build's own
context.
"""

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

from labkit.base.errors import InvalidInputError
from labkit.builder.place import Place, copy_attributes, own
from labkit.snapshots.folders import Folder

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_PIECE_BYTES = 1 << 24
_CANNOT_LINK = (errno.EXDEV, errno.EMLINK, errno.EPERM)

ModeRule = Callable[[int, bool], int]
"""The mode of something, and whether it is a folder -> the mode of its copy."""


@dataclass(frozen=True, slots=True)
class CopyRules:
    """What is changed on the way; ``skips`` tells paths below the source to leave out.

    ``share`` False copies all bytes, for those who will write into the copy.
    """

    owner: tuple[int, int] | None = None
    mode: ModeRule | None = None
    skips: Callable[[str], bool] | None = None
    share: bool = True


@dataclass(frozen=True, slots=True)
class Copier:
    """Copies any number of things by the same rules."""

    rules: CopyRules

    def put(self, source: Folder, name: str, place: Place, as_name: str) -> None:
        """Copy an entry into a folder, under a name."""
        self._put(source, name, place, as_name, "")

    def fill(self, source: Folder, place: Place, path: str = "") -> None:
        """Copy what is in a folder into another; the folder itself is let be."""
        for name, fd, status in source.entries():
            self._entry(source, (name, fd, status), place, name, path)

    def _put(
        self, source: Folder, name: str, place: Place, as_name: str, path: str
    ) -> None:
        found = source.look(name)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        self._entry(source, (name, *found), place, as_name, path)

    def _entry(
        self,
        source: Folder,
        entry: tuple[str, int, os.stat_result],
        place: Place,
        as_name: str,
        path: str,
    ) -> None:
        name, fd, status = entry
        is_folder = stat.S_ISDIR(status.st_mode)
        skips = self.rules.skips
        if skips is not None and not is_folder and skips(path + name):
            return
        if is_folder:
            self._folder(source, name, place, as_name, f"{path}{name}/")
            return
        self._make_room(place, as_name)
        if stat.S_ISREG(status.st_mode):
            self._file(name, fd, status, place.fd, as_name)
        elif stat.S_ISLNK(status.st_mode):
            os.symlink(os.readlink(name, dir_fd=fd), as_name, dir_fd=place.fd)
            self._finish_name(place.fd, as_name, status)
        elif not stat.S_ISSOCK(status.st_mode):
            os.mknod(as_name, status.st_mode, status.st_rdev, dir_fd=place.fd)
            self._finish_name(place.fd, as_name, status)

    def _folder(
        self, source: Folder, name: str, place: Place, as_name: str, path: str
    ) -> None:
        below = source.enter(name)
        if below is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        with below as folder:
            left_out = self.rules.skips is not None and self.rules.skips(path[:-1])
            if left_out and not _holds_any(folder, path, self.rules):
                return
            ensure_folder(place, as_name)
            with place.enter(as_name) as into:
                self.fill(folder, into, path)
                self.finish_folder(folder.fd, into.fd)

    def finish_folder(self, source: int, target: int) -> None:
        """Give a copied folder the looks of its source."""
        status = os.fstat(source)
        copy_attributes(source, target)
        own(target, *self._owner(status))
        os.fchmod(target, self._mode(status))
        os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))

    def _file(
        self, name: str, fd: int, status: os.stat_result, place: int, as_name: str
    ) -> None:
        if self._is_unchanged(status) and _link(name, fd, as_name, place):
            return
        source = os.open(name, _READ, dir_fd=fd)
        try:
            target = os.open(as_name, _NEW_FILE, 0o600, dir_fd=place)
            try:
                _pour(source, target)
                copy_attributes(source, target)
                own(target, *self._owner(status))
                os.fchmod(target, self._mode(status))
                os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))
            finally:
                os.close(target)
        finally:
            os.close(source)

    def _finish_name(self, place: int, name: str, status: os.stat_result) -> None:
        if os.geteuid() == 0:
            owner = self._owner(status)
            os.chown(name, *owner, dir_fd=place, follow_symlinks=False)
        if not stat.S_ISLNK(status.st_mode):
            os.chmod(name, self._mode(status), dir_fd=place)
        times = (status.st_mtime_ns, status.st_mtime_ns)
        os.utime(name, ns=times, dir_fd=place, follow_symlinks=False)

    def _make_room(self, place: Place, name: str) -> None:
        status = place.status(name)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            raise InvalidInputError(f"cannot replace to directory {name} with file")
        try:
            os.unlink(name, dir_fd=place.fd)
        except FileNotFoundError:
            return  # a lower layer has it, and is hidden by what comes now

    def _is_unchanged(self, status: os.stat_result) -> bool:
        return (
            self.rules.share
            and self._owner(status) == (status.st_uid, status.st_gid)
            and self._mode(status) == stat.S_IMODE(status.st_mode)
        )

    def _owner(self, status: os.stat_result) -> tuple[int, int]:
        return self.rules.owner or (status.st_uid, status.st_gid)

    def _mode(self, status: os.stat_result) -> int:
        mode = stat.S_IMODE(status.st_mode)
        if self.rules.mode is None:
            return mode
        return self.rules.mode(mode, stat.S_ISDIR(status.st_mode))


def ensure_folder(place: Place, name: str) -> None:
    """Make a folder in the upper, over one that lower layers may have."""
    status = place.status(name)
    if status is None:
        os.mkdir(name, 0o755, dir_fd=place.fd)
    elif not stat.S_ISDIR(status.st_mode):
        raise InvalidInputError(f"cannot copy to non-directory: {name}")
    else:
        try:
            os.mkdir(name, 0o755, dir_fd=place.fd)
        except FileExistsError:
            return


def _pour(source: int, target: int) -> None:
    while sent := os.sendfile(target, source, None, _PIECE_BYTES):
        assert sent > 0


def _holds_any(folder: Folder, path: str, rules: CopyRules) -> bool:
    """Tell whether something below a folder that is left out is not."""
    assert rules.skips is not None
    for name, _, status in folder.entries():
        if not rules.skips(path + name):
            return True
        if stat.S_ISDIR(status.st_mode):
            below = folder.enter(name)
            if below is not None:
                with below:
                    if _holds_any(below, f"{path}{name}/", rules):
                        return True
    return False


def _link(name: str, source: int, as_name: str, place: int) -> bool:
    """Make a hard link; False where the file systems don't allow one."""
    try:
        os.link(
            name,
            as_name,
            src_dir_fd=source,
            dst_dir_fd=place,
            follow_symlinks=False,
        )
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        return False
    return True
