"""A cgroup as a folder, and the only place that writes to its files.

A control file is a question to the kernel: write(2) answers with an errno that says
little by itself (EINVAL: the number is bad, or the parent allows less, or the
controller wants another file first). The error raised here therefore always carries the
value, the file and the group: ``cannot write '4k' to memory.limit_in_bytes of
/labkit-1a2b3c/3f2a: invalid argument``.
"""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from labkit.base.errors import (
    ConflictError,
    ForbiddenError,
    InternalError,
    InvalidInputError,
    LabError,
    NotFoundError,
    os_reason,
)
from labkit.kernel.bpf_devices import replace_device_program

_READ_BYTES = 1 << 16
_FIRST_PAUSE_SECONDS = 0.0005
_LONGEST_PAUSE_SECONDS = 0.02

_ABSENT = (errno.ENOENT, errno.ENAMETOOLONG)

_KINDS: dict[int, type[LabError]] = {
    errno.EINVAL: InvalidInputError,
    errno.ERANGE: InvalidInputError,
    errno.ENOSPC: InvalidInputError,  # cpuset: no such processor in the parent
    errno.ENODEV: InvalidInputError,  # io: no such block device
    errno.EBUSY: ConflictError,
    errno.ENOENT: NotFoundError,
    errno.EACCES: ForbiddenError,
    errno.EPERM: ForbiddenError,
    errno.EROFS: ForbiddenError,
}


class Folder(Protocol):
    """One cgroup of one tree. The made-up trees of the tests answer to this, too."""

    @property
    def path(self) -> Path: ...
    def create(self) -> None: ...
    def remove(self) -> None: ...
    def has(self, name: str) -> bool: ...
    def read(self, name: str) -> str: ...
    def write(self, name: str, value: str) -> None: ...
    def child(self, name: str) -> "Folder": ...
    def children(self) -> tuple["Folder", ...]: ...
    def parent(self) -> "Folder": ...
    def guard_devices(self, program: bytes) -> None: ...


FolderOpener = Callable[[Path], Folder]


class CgroupFolder:
    """A cgroup in a mounted tree."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the group; it may be there already."""
        try:
            self.path.mkdir(mode=0o755, exist_ok=True)
        except OSError as error:
            raise _failure(f"cannot create cgroup {self.path}", error) from error

    def remove(self) -> None:
        """Remove the group; it may be gone already. Busy is ConflictError."""
        try:
            self.path.rmdir()
        except OSError as error:
            if error.errno in _ABSENT:
                return
            raise _failure(f"cannot remove cgroup {self.path}", error) from error

    def has(self, name: str) -> bool:
        return os.path.exists(self.path / name)  # pathlib raises on a long path

    def read(self, name: str) -> str:
        try:
            fd = os.open(self.path / name, os.O_RDONLY | os.O_CLOEXEC)
            try:
                chunks = []
                while chunk := os.read(fd, _READ_BYTES):
                    chunks.append(chunk)
            finally:
                os.close(fd)
        except OSError as error:
            raise _failure(f"cannot read {name} of {self.path}", error) from error
        return b"".join(chunks).decode()

    def write(self, name: str, value: str) -> None:
        try:
            # One write(2) a value: the kernel parses each call by itself.
            fd = os.open(self.path / name, os.O_WRONLY | os.O_CLOEXEC)
            try:
                os.write(fd, value.encode())
            finally:
                os.close(fd)
        except OSError as error:
            what = f"cannot write {value!r} to {name} of {self.path}"
            raise _failure(what, error) from error

    def child(self, name: str) -> "CgroupFolder":
        return CgroupFolder(self.path / name)

    def children(self) -> tuple["CgroupFolder", ...]:
        try:
            with os.scandir(self.path) as entries:
                names = sorted(entry.name for entry in entries if entry.is_dir())
        except OSError as error:
            if error.errno in _ABSENT:
                return ()
            raise _failure(f"cannot list cgroup {self.path}", error) from error
        return tuple(self.child(name) for name in names)

    def parent(self) -> "CgroupFolder":
        return CgroupFolder(self.path.parent)

    def guard_devices(self, program: bytes) -> None:
        """Let a program decide about device nodes, in place of one set before (v2)."""
        try:
            replace_device_program(self.path, program)
        except OSError as error:
            raise _failure(f"cannot guard devices of {self.path}", error) from error


def remove_tree(folder: Folder, timeout_seconds: float) -> None:
    """Remove a group and the groups that its processes made in it, deepest first.

    A process that was killed stays a member until it is reaped, and rmdir(2) answers
    EBUSY so long: it is repeated until the deadline.

    Raises:
        ConflictError: there still are processes in it.
    """
    for child in folder.children():
        remove_tree(child, timeout_seconds)
    wait_until(lambda: _try_remove(folder), timeout_seconds, folder.remove)


def wait_until(
    is_done: Callable[[], bool],
    timeout_seconds: float,
    last_try: Callable[[], None],
) -> None:
    """Ask again and again, at growing intervals; ``last_try`` raises what is wrong."""
    deadline = time.monotonic() + timeout_seconds
    pause = _FIRST_PAUSE_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            last_try()
            return
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def parse_flat(text: str) -> dict[str, int]:
    """Read the ``key value`` lines of memory.stat, cpu.stat, memory.events ..."""
    pairs = (line.split() for line in text.splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2}


def _try_remove(folder: Folder) -> bool:
    try:
        folder.remove()
    except ConflictError:
        return False
    return True


def _failure(what: str, error: OSError) -> LabError:
    kind = _KINDS.get(error.errno or 0, InternalError)
    return kind(f"{what}: {os_reason(error)}")
