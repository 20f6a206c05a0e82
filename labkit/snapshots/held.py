"""Folders that stay the same while they are looked at.

A container that runs may put a link in a folder's place between two looks, and a path
that goes through it would lead out into the machine. So a folder is opened first,
without following a link, and what is in it is named by its descriptor: of such a path
(``/proc/self/fd/7/name``) only the last part is looked up anew.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


@contextmanager
def held_folder(path: Path) -> Iterator[Path | None]:
    """Give a path that leads to this very folder; None if there is none any more."""
    try:
        fd = os.open(path, _FOLDER)
    except OSError as error:
        if error.errno not in _GONE:
            raise
        yield None
        return
    try:
        yield Path(f"/proc/self/fd/{fd}")
    finally:
        os.close(fd)
