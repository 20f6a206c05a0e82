"""The build context: the files that a client sends along with a build.

A tar, plain or packed, arrives as the body of the request and is unpacked into a folder
of its own, by the same careful reader that unpacks layers: no name and no link in it
leads out, and it has bounds. Three things differ from a layer. A file called
``.wh.name`` is a file like others; devices are left out, since no instruction could
copy one; and whoever owned the files on the client's machine, here they are root's,
so that the same files give the same image whoever builds it.

Whatever is looked up by name afterwards is looked up with the context as ``/``
(openat2(2), RESOLVE_IN_ROOT): a link to ``/etc/passwd`` is the context's own, if any.
"""

import errno
import os
import posixpath
import stat
from pathlib import Path
from typing import BinaryIO, cast

from labkit.base.compression import Unpacked
from labkit.base.errors import InvalidInputError, os_reason
from labkit.builder import messages
from labkit.kernel import libc
from labkit.snapshots.model import LayerUsage, Limits
from labkit.snapshots.unpack import (
    Devices,
    UnpackOptions,
    is_mapped_root,
    unpack_layer,
)

DEFAULT_DOCKERFILE = "Dockerfile"
# Many times the longest that anybody wrote by hand; it is read into memory whole.
MOST_DOCKERFILE_BYTES = 4 << 20

# openat2(2): links lead nowhere but below the root, and never through /proc's magic.
_RESOLVE_IN_ROOT = 0x10
_RESOLVE_NO_MAGICLINKS = 0x02
# A pipe in the context would keep a reader that waits for its writer for ever.
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
# dockerd says of a way through a file what it says of a way out.
_NO_WAY = (errno.ENOTDIR, errno.ELOOP)


def unpack_context(packed: BinaryIO, folder: Path, limits: Limits) -> LayerUsage:
    """Unpack a context into an empty folder; the stream is read to its end.

    Raises:
        InvalidInputError: it is no tar, is damaged, or tries something it must not.
    """
    options = UnpackOptions(
        is_root=is_mapped_root(),
        devices=Devices.SKIP,
        literal=True,
        owner=(0, 0),
        limits=limits,
    )
    return unpack_layer(cast(BinaryIO, Unpacked(packed)), folder, options)


def read_dockerfile(context: Path, name: str) -> bytes:
    """Read the Dockerfile of a context.

    The default name is found in small letters too, as Docker finds it.

    Raises:
        InvalidInputError: it is not there, is empty, or its name leads out.
    """
    wanted = name or DEFAULT_DOCKERFILE
    data = read_inside(context, wanted)
    if data is None and wanted == DEFAULT_DOCKERFILE:
        wanted = DEFAULT_DOCKERFILE.lower()
        data = read_inside(context, wanted)
    if data is None:
        raise InvalidInputError(messages.no_dockerfile(name or DEFAULT_DOCKERFILE))
    if not data:
        raise InvalidInputError(messages.empty_dockerfile(wanted))
    return data


def read_inside(context: Path, name: str) -> bytes | None:
    """Read a file of the context whole; None if there is none of that name.

    Raises:
        InvalidInputError: its name leads out, or it is no file that anybody wrote.
    """
    path = posixpath.normpath(name.lstrip("/") or ".")
    if path == ".." or path.startswith("../"):
        raise InvalidInputError(messages.forbidden_path(name))
    try:
        fd = open_inside(context, path, _READ)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        if error.errno in _NO_WAY:
            raise InvalidInputError(messages.forbidden_path(name)) from error
        reason = os_reason(error)
        raise InvalidInputError(
            f"cannot open {name!r} of the build context: {reason}"
        ) from error
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise InvalidInputError(f"{name!r} of the build context is not a regular file")
    with os.fdopen(fd, "rb") as file:
        data = file.read(MOST_DOCKERFILE_BYTES + 1)
    if len(data) > MOST_DOCKERFILE_BYTES:
        raise InvalidInputError(
            f"{name!r} of the build context is larger than "
            f"{MOST_DOCKERFILE_BYTES} bytes"
        )
    return data


def open_inside(context: Path, path: str, flags: int) -> int:
    """Open a path as if the context were the machine's root."""
    root = os.open(context, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        resolve = _RESOLVE_IN_ROOT | _RESOLVE_NO_MAGICLINKS
        return libc.openat2(root, path, flags | os.O_CLOEXEC, 0, resolve)
    finally:
        os.close(root)
