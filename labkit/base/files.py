"""Files that are whole or absent, whatever dies when."""

import os
import threading
from pathlib import Path


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a file by new content so that a crash leaves the old or the new one.

    The content is on the disk (fsync of file and folder) when this returns:
    rename(2) alone survives a killed process, but not a power cut.
    """
    # A thread's number is a process's, too (gettid(2)): no two writers share a draft.
    draft = path.with_name(f".{path.name}.{threading.get_native_id()}.tmp")
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


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder durable (fsync(2), NOTES)."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
