"""Files that are whole or absent, whatever dies when."""

import os
import stat
from _thread import get_native_id  # of threading, which runs code after every fork
from pathlib import Path
from typing import BinaryIO


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a file by new content so that a crash leaves the old or the new one.

    The content is on the disk (fsync of file and folder) when this returns:
    rename(2) alone survives a killed process, but not a power cut.
    """
    # A thread's number is a process's, too (gettid(2)): no two writers share a draft.
    draft = path.with_name(f".{path.name}.{get_native_id()}.tmp")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_regular(path: Path, most_bytes: int = 1 << 20) -> bytes | None:
    """Return a regular file's content, at most so much; None if it is none."""
    file = open_regular(path)
    if file is None:
        return None
    with file:
        return file.read(most_bytes)


def open_regular(path: Path) -> BinaryIO | None:
    """Open a regular file for reading; None if it is none.

    For paths that others choose: a fifo would be waited for, a device read for ever.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None  # not even opened: to some devices that means something
        # O_NONBLOCK: it may have become a fifo since.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    file = os.fdopen(fd, "rb")
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return file
    file.close()
    return None


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder durable (fsync(2), NOTES)."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
