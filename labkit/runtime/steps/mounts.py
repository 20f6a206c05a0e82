"""The bundle's mounts, in its order."""

from labkit.kernel.calls import Kernel
from labkit.kernel.flags import MountAttribute, MountFlag, Resolve
from labkit.runtime.steps.cgroup_mounts import mount_cgroups
from labkit.runtime.steps.context import Context, SetupError, reason
from labkit.runtime.steps.options import MountOptions, parse_options
from labkit.runtime.steps.targets import ensure_inside, fd_path, opened
from labkit.spec.runtime import Mount

# On these a link in the image must not lead the kernel's files elsewhere, where the
# masks would miss them (CVE-2019-19921).
_NO_LINKS = ("proc", "sysfs")
_BIND_ALONE = MountFlag.BIND | MountFlag.REC


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
            what = f"error mounting {mount.source!r} to rootfs at {mount.destination!r}"
            raise SetupError(f"{what}: {reason(error)}") from error


def _mount_one(kernel: Kernel, context: Context, mount: Mount) -> None:
    options = parse_options(mount.options)
    if mount.type == "cgroup":
        mount_cgroups(kernel, context, mount, options)
    elif _is_bind(mount):
        _bind(kernel, context.root_fd, mount, options)
    else:
        _mount_filesystem(kernel, context.root_fd, mount, options)


def _bind(kernel: Kernel, root: int, mount: Mount, options: MountOptions) -> None:
    if not kernel.exists(mount.source):
        text = f"bind source path does not exist: {mount.source}"
        raise SetupError(f"{text}: no such file or directory")
    folder = kernel.is_folder(mount.source)
    fd = ensure_inside(kernel, root, mount.destination, folder)
    try:
        flags = options.flags & _BIND_ALONE | MountFlag.BIND
        kernel.mount(mount.source, fd_path(fd), None, flags)
    finally:
        kernel.close(fd)
    # The descriptor is of what lies below the mount now: look the path up again.
    with opened(kernel, root, mount.destination) as target:
        if options.flags & ~_BIND_ALONE:
            # mount(2): a bind mount takes its other flags by a second call only.
            flags = options.flags & ~MountFlag.REC | MountFlag.BIND | MountFlag.REMOUNT
            kernel.mount(None, target, None, flags)
        set_attributes(kernel, target, options)


def _mount_filesystem(
    kernel: Kernel, root: int, mount: Mount, options: MountOptions
) -> None:
    fd = ensure_inside(kernel, root, mount.destination, folder=True)
    try:
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


def set_attributes(kernel: Kernel, target: str, options: MountOptions) -> None:
    """Set what goes by calls of its own: propagation, and the recursive words."""
    for flag in options.propagation:
        kernel.mount(None, target, None, flag)
    if options.recursive is not MountAttribute.NONE:
        kernel.mount_setattr(target, options.recursive)
