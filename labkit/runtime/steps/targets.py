"""Paths inside a container's root, found without ever leaving it.

An image may hold ``/etc -> /`` or ``/data -> ../../../host``: a mount target that is
resolved like any other path would lead outside (CVE-2021-30465 in runc was of this
kind). openat2(2) with RESOLVE_IN_ROOT resolves as if the root were ``/``, in the
kernel, in one go: nothing that runs meanwhile can swap a folder for a link. What is
found is an O_PATH descriptor, and the mount is made on ``/proc/self/fd/N``.
"""

import contextlib
import posixpath
from collections.abc import Iterator

from labkit.kernel.calls import Kernel
from labkit.kernel.flags import Resolve

_MOST_LINKS = 40  # as the kernel's own limit (path_resolution(7))


def fd_path(fd: int) -> str:
    """Return a path that leads to an open file, whatever its name."""
    return f"/proc/self/fd/{fd}"


@contextlib.contextmanager
def opened(
    kernel: Kernel, root: int, path: str, resolve: Resolve = Resolve.NONE
) -> Iterator[str]:
    """Find an existing path; yields the name to use for it."""
    fd = kernel.open_inside(root, path, resolve=resolve)
    try:
        yield fd_path(fd)
    finally:
        kernel.close(fd)


def ensure_inside(
    kernel: Kernel, root: int, path: str, folder: bool, links: int = _MOST_LINKS
) -> int:
    """Open a path inside the root and make what is missing of it.

    A dangling link is followed (inside the root) and its target made: images have
    such, ``/etc/resolv.conf`` of a systemd system being one.
    """
    try:
        return kernel.open_inside(root, path)
    except FileNotFoundError:
        if posixpath.normpath(path) in (".", "/"):
            raise
    parent, name = posixpath.split(path.rstrip("/"))
    parent_fd = ensure_inside(kernel, root, parent or "/", True, links)
    try:
        _make(kernel, parent_fd, name, folder)
    except FileExistsError:
        if links == 0:
            raise
        link = kernel.read_link(parent_fd, name)
        target = posixpath.join(parent, link)
        return ensure_inside(kernel, root, target, folder, links - 1)
    finally:
        kernel.close(parent_fd)
    return kernel.open_inside(root, path)


def _make(kernel: Kernel, parent: int, name: str, folder: bool) -> None:
    if folder:
        kernel.make_folder(name, 0o755, folder=parent)
    else:
        kernel.make_file(name, 0o755, folder=parent)
