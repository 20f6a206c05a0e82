"""The bundle's mounts, in its order."""

import contextlib
import errno
import posixpath
import re
from collections.abc import Iterator

from labkit.base.errors import os_reason
from labkit.base.paths import clean_path
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import (
    PROC_SUPER_MAGIC,
    MountAttribute,
    MountFlag,
    Resolve,
)
from labkit.runtime.steps.cgroup_mounts import mount_cgroups
from labkit.runtime.steps.context import Context, SetupError
from labkit.runtime.steps.options import MountOptions, parse_options
from labkit.runtime.steps.targets import ensure_inside, fd_path, opened
from labkit.spec.runtime import Mount

# On these a link in the image must not lead the kernel's files elsewhere, where the
# masks would miss them (CVE-2019-19921).
_NO_LINKS = ("proc", "sysfs")
# lxcfs and its like give a container its own view of these.
_COVERABLE = frozenset(
    f"/proc/{name}"
    for name in (
        "cpuinfo",
        "diskstats",
        "loadavg",
        "meminfo",
        "net/dev",
        "slabinfo",
        "stat",
        "swaps",
        "sys/crypto/fips_enabled",
        "sys/kernel/ns_last_pid",
        "uptime",
    )
)
# The code that Docker gives when a folder and a file are taken for one another.
_WRONG_KIND, _SETUP_FAILED = 127, 128
_ELSEWHERE = re.compile(r"(?P<process>/proc/[0-9]+)/root(?P<path>/.*)")
_BIND_ALONE = MountFlag.BIND | MountFlag.REC


def hold_shared_sources(kernel: Kernel, context: Context) -> None:
    """Take hold of what is to be shared with the host while we still share with it.

    The copies stay peers of the host's mounts when all others are cut off: what the
    container mounts there the host sees (mount_namespaces(7), "SHARED SUBTREES").
    """
    for mount in context.spec.mounts:
        words = parse_options(mount.options).propagation
        if _is_bind(mount) and any(flag & MountFlag.SHARED for flag in words):
            context.shared[mount.destination] = kernel.copy_tree(mount.source)


def mount_kernel_files(kernel: Kernel, context: Context) -> None:
    """Mount what comes before the first bind: it needs nothing from outside."""
    mounts = context.spec.mounts
    count = next((n for n, mount in enumerate(mounts) if _is_bind(mount)), len(mounts))
    _mount_each(kernel, context, mounts[:count])
    context.mounted = count


def mount_rest(kernel: Kernel, context: Context) -> None:
    """Mount the others, in the bundle's order."""
    _mount_each(kernel, context, context.spec.mounts[context.mounted :])


def _is_bind(mount: Mount) -> bool:
    flags = parse_options(mount.options).flags
    return mount.type == "bind" or bool(flags & MountFlag.BIND)


def _mount_each(kernel: Kernel, context: Context, mounts: tuple[Mount, ...]) -> None:
    for mount in mounts:
        try:
            _mount_one(kernel, context, mount)
        except OSError as error:
            text = f"{_place(mount)}: {os_reason(error)}"
            code = _WRONG_KIND if error.errno == errno.ENOTDIR else _SETUP_FAILED
            raise SetupError(text, code) from error


def _mount_one(kernel: Kernel, context: Context, mount: Mount) -> None:
    options = parse_options(mount.options)
    if mount.type == "cgroup":
        mount_cgroups(kernel, context, mount, options)
    elif _is_bind(mount):
        _bind(kernel, context, mount, options)
    else:
        _mount_filesystem(kernel, context.root_fd, mount, options)


def _bind(
    kernel: Kernel, context: Context, mount: Mount, options: MountOptions
) -> None:
    if not kernel.exists(mount.source):
        text = f"bind source path does not exist: {mount.source}"
        raise SetupError(f"{text}: no such file or directory")
    with _source_of(kernel, mount, options) as source:
        _bind_source(kernel, context, source, mount, options)
    # The descriptor is of what lies below the mount now: look the path up again.
    with opened(kernel, context.root_fd, mount.destination) as target:
        if options.flags & ~_BIND_ALONE:
            # mount(2): a bind mount takes its other flags by a second call only.
            flags = options.flags & ~MountFlag.REC | MountFlag.BIND | MountFlag.REMOUNT
            kernel.mount(None, target, None, flags)
        set_attributes(kernel, target, options)


@contextlib.contextmanager
def _source_of(kernel: Kernel, mount: Mount, options: MountOptions) -> Iterator[str]:
    """Yield what is to be bound: the source, or a path below that stays below."""
    if not options.subpath:
        yield mount.source
        return
    base = kernel.open_folder(mount.source)
    try:
        fd = kernel.open_inside(base, options.subpath)
    except FileNotFoundError as error:
        path = posixpath.join(mount.source, options.subpath)
        text = f"cannot access path {path}: lstat {path}: {os_reason(error)}"
        raise SetupError(text) from error
    finally:
        kernel.close(base)
    try:
        yield fd_path(fd)
    finally:
        kernel.close(fd)


def _bind_source(
    kernel: Kernel, context: Context, source: str, mount: Mount, options: MountOptions
) -> None:
    folder = kernel.is_folder(source)
    fd = ensure_inside(kernel, context.root_fd, mount.destination, folder)
    try:
        _spare_proc(kernel, mount, fd)
        if mount.destination in context.shared:
            kernel.attach_mount(context.shared[mount.destination], fd)
        elif elsewhere := _ELSEWHERE.fullmatch(source):
            _bind_from(kernel, elsewhere["process"], elsewhere["path"], fd)
        else:
            flags = options.flags & _BIND_ALONE | MountFlag.BIND
            kernel.mount(source, fd_path(fd), None, flags)
    finally:
        kernel.close(fd)


def _bind_from(kernel: Kernel, process: str, path: str, target: int) -> None:
    """Bind what another process sees at a path: another container's /dev/shm."""
    copy = kernel.copy_mount(f"{process}/ns/mnt", path)
    try:
        kernel.attach_mount(copy, target)
    finally:
        kernel.close(copy)


def _mount_filesystem(
    kernel: Kernel, root: int, mount: Mount, options: MountOptions
) -> None:
    fd = ensure_inside(kernel, root, mount.destination, folder=True)
    try:
        if mount.type != "proc":
            _spare_proc(kernel, mount, fd)
        data = options.data
        if mount.type == "tmpfs" and "mode=" not in data:
            # A tmpfs over a folder of the image keeps the folder's rights.
            data = ",".join(filter(None, (data, f"mode={kernel.mode_of(fd):o}")))
        if mount.type in _NO_LINKS:
            kernel.close(
                kernel.open_inside(root, mount.destination, resolve=Resolve.NO_SYMLINKS)
            )
        source = mount.source or mount.type
        kernel.mount(source, fd_path(fd), mount.type, options.flags, data or None)
    finally:
        kernel.close(fd)
    if options.propagation or options.recursive:
        with opened(kernel, root, mount.destination) as target:
            set_attributes(kernel, target, options)


def _spare_proc(kernel: Kernel, mount: Mount, target: int) -> None:
    """Refuse what would put other files in the place of the kernel's in /proc.

    Who is set up later believes them (CVE-2019-16884). The file is asked and not its
    name, which may be a link in the image; a few harmless files may be covered, as
    with runc.
    """
    path = clean_path(mount.destination)
    if path == "/proc":
        if not _is_proc(kernel, mount.source):
            text = f'"{path}" cannot be mounted because it is not of type proc'
            raise SetupError(f"{_place(mount)}: {text}")
    elif kernel.filesystem_of(target) == PROC_SUPER_MAGIC and path not in _COVERABLE:
        text = f'"{path}" cannot be mounted because it is inside /proc'
        raise SetupError(f"{_place(mount)}: {text}")


def _is_proc(kernel: Kernel, source: str) -> bool:
    if not kernel.is_folder(source):
        return False
    fd = kernel.open_folder(source)
    try:
        return kernel.filesystem_of(fd) == PROC_SUPER_MAGIC
    finally:
        kernel.close(fd)


def _place(mount: Mount) -> str:
    return f'error mounting "{mount.source}" to rootfs at "{mount.destination}"'


def set_attributes(kernel: Kernel, target: str, options: MountOptions) -> None:
    """Set what goes by calls of its own: propagation, and the recursive words."""
    for flag in options.propagation:
        kernel.mount(None, target, None, flag)
    if options.recursive is not MountAttribute.NONE:
        kernel.mount_setattr(target, options.recursive)
