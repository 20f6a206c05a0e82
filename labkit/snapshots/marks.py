"""Whiteouts and opaque marks: how a layer says "what is below is gone".

In a folder that overlayfs stacks they are a character device 0/0 and an extended
attribute; in a tar, which knows neither, files with reserved names (OCI image spec,
layer.md). The attribute is ``trusted.overlay.opaque`` where we are the machine's root.
In a user namespace nobody may write ``trusted.*``; overlayfs mounted with ``userxattr``
reads ``user.overlay.opaque`` instead.
"""

import errno
import os
import stat
from pathlib import Path

WHITEOUT_PREFIX = ".wh."
OPAQUE_NAME = ".wh..wh..opq"
# .wh..wh.plnk, .wh..wh.aufs ...: house-keeping of AUFS in images of the first years.
AUFS_PREFIX = ".wh..wh."

TRUSTED = "trusted.overlay."
USER = "user.overlay."
OVERLAY_PREFIXES = (TRUSTED, USER)

_DEVICE_0_0 = os.makedev(0, 0)
_ABSENT = (errno.ENODATA, errno.ENOTSUP)


def is_whiteout(status: os.stat_result) -> bool:
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == _DEVICE_0_0


def make_whiteout(name: str, folder_fd: int) -> None:
    os.mknod(name, stat.S_IFCHR | 0o600, _DEVICE_0_0, dir_fd=folder_fd)


def is_opaque(folder: Path) -> bool:
    """Tell whether nothing below a folder shows through."""
    for prefix in OVERLAY_PREFIXES:
        try:
            mark = os.getxattr(folder, prefix + "opaque", follow_symlinks=False)
        except OSError as error:
            if error.errno not in _ABSENT:
                raise
        else:
            # "x" marks a folder that merely holds attribute-style whiteouts
            if mark == b"y":
                return True
    return False


def make_opaque(folder_fd: int, prefix: str) -> None:
    os.setxattr(folder_fd, prefix + "opaque", b"y")


def choose_prefix(folder: Path) -> str:
    """Find out by trying which attribute we may write in a folder."""
    try:
        os.setxattr(folder, TRUSTED + "probe", b"y")
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP):
            raise
        return USER
    os.removexattr(folder, TRUSTED + "probe")
    return TRUSTED
