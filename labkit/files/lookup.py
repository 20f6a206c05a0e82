"""Which file a path means, by the rules of ``docker cp``.

Links on the way are followed, one at the end is not, unless a slash or ``/.`` comes
after it. The names in the tar are those that were asked for. All of it happens inside
the container's root, where following a link can't lead out.
"""

import errno
import os
import posixpath
import stat

from labkit.base.errors import NotFoundError
from labkit.files.model import FileStatus

_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


def clean(path: str) -> str:
    """Return a path from the root, with the end that tells ``d``, ``d/``, ``d/.``.

    Raises:
        NotFoundError: no file can have such a path.
    """
    if "\0" in path:
        raise NotFoundError(f"no file {path!r}")
    cleaned = posixpath.normpath("/" + path.lstrip("/"))
    if path.endswith("/.") or path == ".":
        return posixpath.join(cleaned, ".")
    if path.endswith("/") and cleaned != "/":
        return cleaned + "/"
    return cleaned


def locate(path: str) -> str:
    """Follow all links but the last one."""
    folder, name = posixpath.split(clean(path))
    return posixpath.join(os.path.realpath(folder), name)


def read_status(path: str) -> FileStatus:
    """Look at a file.

    Raises:
        NotFoundError: there is none.
    """
    found = locate(path)
    try:
        status = os.lstat(found)
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise
        raise NotFoundError(f"no file {path!r}") from error
    is_link = stat.S_ISLNK(status.st_mode)
    return FileStatus(
        name=shown_name(path),
        size=status.st_size,
        mode=status.st_mode,
        modified_ns=status.st_mtime_ns,
        link_target=os.path.realpath(found) if is_link else "",
    )


def shown_name(path: str) -> str:
    """Return the last part of a path as it was asked for."""
    return posixpath.basename(clean(path).rstrip("/")) or "/"
