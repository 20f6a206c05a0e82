"""The container's own mount table, its root, and the move into it."""

import os

from labkit.base.errors import os_reason
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import MountFlag, UnmountFlag
from labkit.runtime.steps.context import Context, SetupError
from labkit.runtime.steps.options import propagation_flag
from labkit.spec.runtime import OVERLAY_LOWER, OVERLAY_UPPER, OVERLAY_WORK

# mount(2): the data is one page; a longer one is cut, not refused.
_MOST_DATA_BYTES = 4095

# Some distributions switch these on for all overlays. A renamed folder or a changed
# mode would then be a note for the kernel in the upper layer instead of the files, and
# a layer made of it would be wrong anywhere else (overlayfs.rst, "redirect_dir").
_PLAIN_UPPER = ",redirect_dir=off,metacopy=off"


def cut_propagation(kernel: Kernel, context: Context) -> None:
    """Let no mount that is made here reach the host.

    The new mount namespace is a copy whose mounts still are peers of the originals.
    Slaves still learn when the host unmounts something, so that a container does not
    keep a disk busy that the host has let go.
    """
    word = context.spec.linux.rootfs_propagation or "rslave"
    flag = propagation_flag(word)
    if flag is None or flag & MountFlag.SHARED:
        # The shared root that some ask for is set on the container's root later.
        flag = MountFlag.SLAVE
    kernel.mount(None, "/", None, flag | MountFlag.REC)


def mount_root(kernel: Kernel, context: Context) -> None:
    """Put the image's layers and the container's own one on top of each other.

    Without layers the root folder is bound onto itself: pivot_root(2) wants a mount.
    """
    lower = context.spec.annotations.get(OVERLAY_LOWER)
    try:
        if lower is None:
            flags = MountFlag.BIND | MountFlag.REC
            kernel.mount(context.root, context.root, None, flags)
        else:
            _mount_overlay(kernel, context, lower.split(":"))
    except OSError as error:
        raise SetupError(
            f"error mounting the root at {context.root!r}: {os_reason(error)}"
        ) from error
    context.root_fd = kernel.open_folder(context.root)


def _mount_overlay(kernel: Kernel, context: Context, lowers: list[str]) -> None:
    annotations = context.spec.annotations
    upper = f"upperdir={annotations[OVERLAY_UPPER]},workdir={annotations[OVERLAY_WORK]}"
    upper += _PLAIN_UPPER
    data = f"lowerdir={':'.join(lowers)},{upper}"
    if len(os.fsencode(data)) > _MOST_DATA_BYTES:
        # Many layers: name them from the folder that they have in common.
        common = os.path.commonpath(lowers)
        short = [os.path.relpath(lower, common) for lower in lowers]
        data = f"lowerdir={':'.join(short)},{upper}"
        kernel.chdir(common)
    if len(os.fsencode(data)) > _MOST_DATA_BYTES:
        raise SetupError(f"cannot mount {len(lowers)} layers: their names are too long")
    kernel.mount("overlay", context.root, "overlay", MountFlag.NONE, data)
    kernel.chdir("/")


def change_root(kernel: Kernel, context: Context) -> None:
    """Make the container's root ours, and let go of the host's.

    pivot_root(".", ".") stacks the old root on the new one (pivot_root(2), NOTES), so
    that no folder for it is needed; unmounting "." then takes the old one off. Unlike
    with chroot(2) nothing of the host is left to climb back to. The unmount can't reach
    the host: the old root shares nothing with it any more.
    """
    kernel.chdir(context.root)
    kernel.pivot_root(".", ".")
    kernel.umount(".", UnmountFlag.DETACH)
    kernel.chdir("/")
    kernel.close(context.root_fd)
    context.root_fd = -1


def set_root_propagation(kernel: Kernel, context: Context) -> None:
    """Give the new root the propagation that the bundle asks for."""
    word = context.spec.linux.rootfs_propagation
    if word is None:
        return
    flag = propagation_flag(word)
    if flag is None:
        raise SetupError(f"unknown rootfs propagation {word!r}")
    kernel.mount(None, "/", None, flag)


def seal_root(kernel: Kernel, context: Context) -> None:
    """Make the root read-only, last of all that writes to it."""
    if context.spec.root.readonly:
        flags = MountFlag.BIND | MountFlag.REMOUNT | MountFlag.RDONLY
        kernel.mount(None, "/", None, flags)
