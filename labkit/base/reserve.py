"""Room that is kept for the day on which the disk is full: a file to be given up.

Whoever wants to remove things to get room again must be able to write that down.
"""

import contextlib
import os
from pathlib import Path

RESERVE_BYTES = 1 << 20
_PLENTY = 4
"""So many times its size must be free before the room is taken (again)."""


class Reserve:
    """One file of zeros; used by one thread at a time."""

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        self._path = path
        self._size = size
        self._filled = False

    def fill(self) -> None:
        """Take the room where there is plenty; where there is not, do nothing."""
        if self._filled:
            return
        free = os.statvfs(self._path.parent)
        if free.f_bavail * free.f_frsize < _PLENTY * self._size:
            return
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, self._size)
            self._filled = True
        except OSError:  # somebody was quicker
            self.release()
        finally:
            os.close(fd)

    def release(self) -> None:
        """Give the room to whoever needs it now."""
        self._filled = False
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
