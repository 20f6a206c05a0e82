"""Names, kernel parameters, and the parts of /proc and /sys that are hidden."""

from labkit.base.errors import os_reason
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import MountFlag
from labkit.runtime.steps.context import Context, SetupError

# The code that Docker gives when a folder and a file are taken for one another.
_WRONG_KIND, _FAILED = 127, 128
_HIDDEN_FLAGS = MountFlag.NOSUID | MountFlag.NODEV | MountFlag.NOEXEC


def set_names(kernel: Kernel, context: Context) -> None:
    """Set host and domain name of the uts namespace."""
    if context.spec.hostname:
        kernel.sethostname(context.spec.hostname)
    if context.spec.domainname:
        kernel.setdomainname(context.spec.domainname)


def set_sysctls(kernel: Kernel, context: Context) -> None:
    """Write kernel parameters; which are the container's own its namespaces decide."""
    for name, value in context.spec.linux.sysctl.items():
        path = "/proc/sys/" + name.replace(".", "/")
        try:
            kernel.write_file(path, value)
        except OSError as error:
            text = f"open {path}: {os_reason(error)}"
            raise SetupError(text) from error


def protect_paths(kernel: Kernel, context: Context) -> None:
    """Make the bundle's paths read-only: /proc/sys of all, which is the host's."""
    bind = MountFlag.BIND | MountFlag.REC
    for path in context.spec.linux.readonly_paths:
        if kernel.exists(path):
            kernel.mount(path, path, None, bind)
            flags = bind | MountFlag.REMOUNT | MountFlag.RDONLY | _HIDDEN_FLAGS
            kernel.mount(None, path, None, flags)


def mask_paths(kernel: Kernel, context: Context) -> None:
    """Cover what leaks: an empty folder over folders, /dev/null over files."""
    for path in context.spec.linux.masked_paths:
        if kernel.is_folder(path):
            kernel.mount("tmpfs", path, "tmpfs", MountFlag.RDONLY)
        elif kernel.exists(path):
            kernel.mount("/dev/null", path, None, MountFlag.BIND)


def make_working_folder(kernel: Kernel, context: Context) -> None:
    """Make the working folder and its parents, as the container's root owns them."""
    path = ""
    for name in context.process.cwd.strip("/").split("/"):
        path = f"{path}/{name}"
        if name and not kernel.exists(path):
            _make_folder(kernel, path)


def _make_folder(kernel: Kernel, path: str) -> None:
    try:
        kernel.make_folder(path)
    except OSError as error:
        code = _WRONG_KIND if isinstance(error, NotADirectoryError) else _FAILED
        raise SetupError(f"mkdir {path}: {os_reason(error)}", code) from error
