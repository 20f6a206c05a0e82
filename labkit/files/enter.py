"""The visitor's way into a container's files."""

import os

from labkit.base.errors import ConflictError, InternalError
from labkit.cgroups.hierarchy import read_hierarchy
from labkit.files.model import View
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import CloneFlag, MountFlag, UnmountFlag
from labkit.kernel.mountinfo import MountEntry, parse_mountinfo_line
from labkit.runtime.handshake import channel_pair
from labkit.runtime.steps.context import Context
from labkit.runtime.steps.mounts import mount_rest
from labkit.runtime.steps.root import change_root, cut_propagation, mount_root

_MOST_ROUNDS = 8


def enter(kernel: Kernel, view: View, alone: bool) -> None:
    """Make a container's root ours, without a procfs in it.

    Args:
        alone: only the root itself, nothing that is mounted on it.
    """
    # Ours, opened while there is one: it shows the mounts of wherever we are.
    own = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if view.process:
            _join(kernel, view.process)
        else:
            _mount(kernel, view)
        _take_off(kernel, own, alone)
    finally:
        os.close(own)


def _join(kernel: Kernel, pid: int) -> None:
    try:
        fd = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, ProcessLookupError) as error:
        raise ConflictError(f"process {pid} has ended") from error
    try:
        # A pid that was given away again would be somebody else's by now.
        if os.path.samestat(os.fstat(fd), os.stat("/proc/self/ns/mnt")):
            raise ConflictError(f"process {pid} is no container's")
        kernel.setns(fd, CloneFlag.NEWNS)
    finally:
        os.close(fd)
    # A copy, cut off from the container's: what we take off stays there.
    kernel.unshare(CloneFlag.NEWNS)
    kernel.mount(None, "/", None, MountFlag.PRIVATE | MountFlag.REC)
    kernel.chdir("/")


def _mount(kernel: Kernel, view: View) -> None:
    assert view.spec is not None
    channel, other = channel_pair()  # nobody is at the other end: no step speaks here
    other.close()
    context = Context(
        spec=view.spec,
        process=view.spec.process,
        folder=view.folder,
        cgroups_path="",
        hierarchy=read_hierarchy(),
        channel=channel,
    )
    kernel.unshare(CloneFlag.NEWNS)
    for step in (cut_propagation, mount_root, mount_rest, change_root):
        step(kernel, context)
    channel.close()


def _take_off(kernel: Kernel, own: int, alone: bool) -> None:
    # Several rounds: a mount may lie on another, or its folder be renamed meanwhile.
    for _ in range(_MOST_ROUNDS):
        found = [one for one in _read_mounts(own) if _is_unwanted(one, alone)]
        if not found:
            return
        for mount in reversed(found):
            try:
                flags = UnmountFlag.DETACH | UnmountFlag.NOFOLLOW
                kernel.umount(mount.mount_point, flags)
            except OSError:
                continue  # went with the one above it; the next round looks again
    raise InternalError("cannot take procfs off: it is still mounted")


def _is_unwanted(mount: MountEntry, alone: bool) -> bool:
    """Say whether it is no part of what is looked at.

    A procfs leads out, and the kernel's own files have other lengths than they say.
    """
    if alone and mount.mount_point != "/":
        return True
    return mount.type == "proc" or mount.mount_point == "/sys"


def _read_mounts(own: int) -> tuple[MountEntry, ...]:
    fd = os.open("mountinfo", os.O_RDONLY | os.O_CLOEXEC, dir_fd=own)
    with os.fdopen(fd, errors="surrogateescape") as file:
        return tuple(parse_mountinfo_line(line.rstrip("\n")) for line in file)
