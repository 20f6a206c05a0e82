"""/dev: the six devices that every container has, the bundle's own, and links."""

import os
import posixpath
import stat

from labkit.base.errors import os_reason
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import MountFlag
from labkit.runtime.steps.context import Context, SetupError
from labkit.runtime.steps.targets import ensure_inside, fd_path
from labkit.spec.runtime import Device

# runtime-spec, config-linux.md, "Default Devices"
_ALWAYS = (
    Device("/dev/null", "c", 1, 3, 0o666),
    Device("/dev/zero", "c", 1, 5, 0o666),
    Device("/dev/full", "c", 1, 7, 0o666),
    Device("/dev/tty", "c", 5, 0, 0o666),
    Device("/dev/random", "c", 1, 8, 0o666),
    Device("/dev/urandom", "c", 1, 9, 0o666),
)
_LINKS = (
    ("/proc/self/fd", "fd"),
    ("/proc/self/fd/0", "stdin"),
    ("/proc/self/fd/1", "stdout"),
    ("/proc/self/fd/2", "stderr"),
    ("/proc/kcore", "core"),
    # A devpts of its own has its own ptmx; the host's would open the host's terminals.
    ("pts/ptmx", "ptmx"),
)
_KINDS = {"c": stat.S_IFCHR, "u": stat.S_IFCHR, "b": stat.S_IFBLK, "p": stat.S_IFIFO}


def make_devices(kernel: Kernel, context: Context) -> None:
    """Make the nodes in the fresh tmpfs at /dev."""
    if _is_bound(context):
        return
    asked = {device.path for device in context.spec.linux.devices}
    devices = [device for device in _ALWAYS if device.path not in asked]
    kernel.set_umask(0)
    for device in (*devices, *context.spec.linux.devices):
        try:
            _make_device(kernel, context.root_fd, device)
        except OSError as error:
            what = f"error creating device {device.path!r}"
            raise SetupError(f"{what}: {os_reason(error)}") from error
    kernel.set_umask(0o022)


def link_devices(kernel: Kernel, context: Context) -> None:
    """Make /dev/fd, /dev/stdin and their likes."""
    if _is_bound(context):
        return
    folder = ensure_inside(kernel, context.root_fd, "/dev", folder=True)
    try:
        for target, name in _LINKS:
            if target == "/proc/kcore" and not kernel.exists(target):
                continue
            try:
                kernel.make_symlink(target, name, folder=folder)
            except FileExistsError:
                continue  # an image without a /dev mount may bring its own
    finally:
        kernel.close(folder)


def _is_bound(context: Context) -> bool:
    """Is /dev another folder, whose devices are not ours to make?"""
    return any(
        posixpath.normpath(mount.destination) == "/dev" and mount.type == "bind"
        for mount in context.spec.mounts
    )


def _make_device(kernel: Kernel, root: int, device: Device) -> None:
    folder, name = posixpath.split(device.path)
    parent = ensure_inside(kernel, root, folder, folder=True)
    try:
        number = os.makedev(device.major, device.minor)
        mode = _KINDS[device.type] | (
            0o666 if device.file_mode is None else device.file_mode
        )
        kernel.make_node(name, mode, number, folder=parent)
        if device.uid or device.gid:
            path = f"{fd_path(parent)}/{name}"
            kernel.chown(path, device.uid or 0, device.gid or 0)
    except FileExistsError:
        return
    except PermissionError:
        # In a user namespace nobody may make devices (user_namespaces(7)); the host's
        # node can be bound, which grants nothing that the user did not have.
        _bind_device(kernel, root, device)
    finally:
        kernel.close(parent)


def _bind_device(kernel: Kernel, root: int, device: Device) -> None:
    fd = ensure_inside(kernel, root, device.path, folder=False)
    try:
        kernel.mount(device.path, fd_path(fd), None, MountFlag.BIND)
    finally:
        kernel.close(fd)
