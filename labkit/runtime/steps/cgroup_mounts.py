"""/sys/fs/cgroup: what a container sees of its own limits.

On v2 it is one mount. On v1 it is a tmpfs with a folder for each controller; in a
cgroup namespace these are fresh mounts, whose root is the container's own group,
without one they are binds of that group. Read-only either way unless the bundle says
otherwise: a container that may write there lifts its own limits.
"""

from labkit.cgroups.hierarchy import CgroupMount
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import MountFlag
from labkit.runtime.steps.context import Context
from labkit.runtime.steps.options import MountOptions
from labkit.runtime.steps.targets import ensure_inside, fd_path, opened
from labkit.spec.runtime import Mount

_TMPFS_FLAGS = MountFlag.NOSUID | MountFlag.NODEV | MountFlag.NOEXEC


def mount_cgroups(
    kernel: Kernel, context: Context, mount: Mount, options: MountOptions
) -> None:
    """Mount whichever version the machine has."""
    if context.hierarchy.v1:
        _mount_v1(kernel, context, mount, options)
    elif context.hierarchy.v2 is not None:
        _mount_v2(kernel, context, context.hierarchy.v2, mount, options)


def _has_namespace(context: Context) -> bool:
    return any(entry.type == "cgroup" for entry in context.spec.linux.namespaces)


def _mount_v2(
    kernel: Kernel,
    context: Context,
    tree: CgroupMount,
    mount: Mount,
    options: MountOptions,
) -> None:
    fd = ensure_inside(kernel, context.root_fd, mount.destination, folder=True)
    try:
        if _has_namespace(context):
            kernel.mount("cgroup", fd_path(fd), "cgroup2", options.flags)
            return
        _bind_own(kernel, context, tree, fd)
    finally:
        kernel.close(fd)
    with opened(kernel, context.root_fd, mount.destination) as target:
        flags = MountFlag.BIND | MountFlag.REMOUNT | options.flags
        kernel.mount(None, target, None, flags)


def _mount_v1(
    kernel: Kernel, context: Context, mount: Mount, options: MountOptions
) -> None:
    fd = ensure_inside(kernel, context.root_fd, mount.destination, folder=True)
    try:
        kernel.mount("tmpfs", fd_path(fd), "tmpfs", _TMPFS_FLAGS, "mode=755")
    finally:
        kernel.close(fd)
    for tree in context.hierarchy.v1:
        _mount_controller(kernel, context, mount, options, tree)
    if options.flags & MountFlag.RDONLY:
        with opened(kernel, context.root_fd, mount.destination) as target:
            flags = MountFlag.BIND | MountFlag.REMOUNT | MountFlag.RDONLY
            kernel.mount(None, target, None, flags | _TMPFS_FLAGS)


def _mount_controller(
    kernel: Kernel,
    context: Context,
    mount: Mount,
    options: MountOptions,
    tree: CgroupMount,
) -> None:
    name = tree.mount_point.name  # "cpu,cpuacct" on most machines
    path = f"{mount.destination}/{name}"
    fd = ensure_inside(kernel, context.root_fd, path, folder=True)
    try:
        if _has_namespace(context):
            data = ",".join(tree.controllers)
            kernel.mount("cgroup", fd_path(fd), "cgroup", options.flags, data)
        else:
            _bind_own(kernel, context, tree, fd)
    finally:
        kernel.close(fd)
    if not _has_namespace(context):
        with opened(kernel, context.root_fd, path) as target:
            flags = MountFlag.BIND | MountFlag.REMOUNT | options.flags
            kernel.mount(None, target, None, flags)
    for alias in tree.controllers:
        if alias != name:
            _link_alias(kernel, context, mount.destination, alias, name)


def _bind_own(kernel: Kernel, context: Context, tree: CgroupMount, fd: int) -> None:
    own = tree.folder_of(context.cgroups_path)
    kernel.mount(str(own), fd_path(fd), None, MountFlag.BIND)


def _link_alias(
    kernel: Kernel, context: Context, folder: str, alias: str, name: str
) -> None:
    """Name a tree of two controllers by each, as the host does (cpu -> cpu,cpuacct)."""
    fd = kernel.open_inside(context.root_fd, folder)
    try:
        kernel.make_symlink(name, alias, folder=fd)
    finally:
        kernel.close(fd)
