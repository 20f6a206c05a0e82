"""Who the process is and what it may do: the same for init and for exec.

The order matters. Limits are raised and the user is changed while we still have the
right to; the bounding set is cut before capset(2), which would take CAP_SETPCAP;
capabilities survive the change of user only with PR_SET_KEEPCAPS (capabilities(7),
"Effect of user ID changes on capabilities").
"""

import resource
from signal import SIGKILL

from labkit.base.errors import os_reason
from labkit.kernel.calls import Kernel
from labkit.kernel.capabilities import to_mask
from labkit.runtime.steps.context import Context, SetupError
from labkit.spec.runtime import CapabilitySets

_WITHOUT = CapabilitySets()


def set_rlimits(kernel: Kernel, context: Context) -> None:
    """Set the resource limits (getrlimit(2))."""
    for limit in context.process.rlimits:
        number = getattr(resource, limit.type)
        try:
            kernel.set_rlimit(number, _rlimit(limit.soft), _rlimit(limit.hard))
        except (OSError, ValueError) as error:
            # Python turns EPERM of setrlimit into ValueError.
            detail = "operation not permitted"
            if isinstance(error, OSError):
                detail = os_reason(error)
            text = f"error setting rlimit type {number}: {detail}"
            raise SetupError(text) from error


def set_oom_score(kernel: Kernel, context: Context) -> None:
    """Say how willingly the kernel kills us; before /proc is the container's."""
    score = context.process.oom_score_adj
    if score is not None:
        kernel.write_file("/proc/self/oom_score_adj", str(score))


def load_early_seccomp(kernel: Kernel, context: Context) -> None:
    """Load the filter while we hold CAP_SYS_ADMIN: without no_new_privs only that
    allows it (seccomp(2)). The profile must let the steps below pass, as with runc."""
    if context.seccomp and not context.process.no_new_privileges:
        kernel.load_seccomp(context.seccomp)


def cut_bounding_set(kernel: Kernel, context: Context) -> None:
    """Drop for good what no program in the container may ever gain."""
    wanted = to_mask(_capabilities(context).bounding)
    for number in range(context.last_capability + 1):
        if not wanted >> number & 1:
            kernel.drop_bounding(number)


def change_user(kernel: Kernel, context: Context) -> None:
    """Become the bundle's user."""
    user = context.process.user
    kernel.set_umask(0o022 if user.umask is None else user.umask)
    kernel.set_keep_capabilities(True)
    try:
        kernel.set_user(user.uid, user.gid, user.additional_gids)
    except OSError as error:
        text = f"cannot become user {user.uid}:{user.gid}: {os_reason(error)}"
        raise SetupError(text) from error
    kernel.set_keep_capabilities(False)


def set_capabilities(kernel: Kernel, context: Context) -> None:
    """Set the capabilities, as far as we hold them ourselves."""
    sets = _capabilities(context)
    bounding = context.bounding & to_mask(sets.bounding)
    permitted = to_mask(sets.permitted) & context.bounding
    inheritable = to_mask(sets.inheritable) & bounding
    kernel.set_capabilities(to_mask(sets.effective) & permitted, permitted, inheritable)
    kernel.clear_ambient()
    ambient = to_mask(sets.ambient) & permitted & inheritable
    for number in range(context.last_capability + 1):
        if ambient >> number & 1:
            kernel.raise_ambient(number)


def enter_working_folder(kernel: Kernel, context: Context) -> None:
    """Go to the working folder while we are root: its user need not be let in.

    Where root is not let in, on a file system that trusts the user alone, the user
    tries again (``settle_in_working_folder``).
    """
    try:
        _enter(kernel, context.process.cwd)
    except _NotLetIn:
        return


def settle_in_working_folder(kernel: Kernel, context: Context) -> None:
    """Go there if root could not, and prove that it is inside the container.

    A path such as /proc/self/fd/7 could lead through a descriptor that somebody
    leaked to a folder of the host (CVE-2024-21626); getcwd(2) then finds no way from
    the root to it.
    """
    cwd = context.process.cwd
    try:
        if cwd != "/" and kernel.working_folder() == "/":
            _enter(kernel, cwd)
        kernel.working_folder()
    except FileNotFoundError as error:
        raise SetupError(
            "current working directory is outside of container mount namespace root "
            "-- possible container breakout detected"
        ) from error


class _NotLetIn(SetupError):
    """The working folder is there, and closed to whoever we are now."""


def _enter(kernel: Kernel, cwd: str) -> None:
    try:
        kernel.chdir(cwd)
    except OSError as error:
        text = f'chdir to cwd ("{cwd}") set in config.json failed: {os_reason(error)}'
        if isinstance(error, PermissionError):
            raise _NotLetIn(text, 126) from error
        code = 127 if isinstance(error, FileNotFoundError) else 126
        raise SetupError(text, code) from error


def forbid_new_privileges(kernel: Kernel, context: Context) -> None:
    """Let no setuid program gain anything, and load the filter that waited for it."""
    if context.process.no_new_privileges:
        kernel.set_no_new_privileges()
        if context.seccomp:
            kernel.load_seccomp(context.seccomp)


def die_with_shim(kernel: Kernel, context: Context) -> None:
    """Ask for SIGKILL at the shim's death; changing the user cleared the first wish
    (prctl(2), PR_SET_PDEATHSIG)."""
    kernel.set_death_signal(SIGKILL)


def own_streams(kernel: Kernel, context: Context) -> None:
    """Give the pipes to the user, who may want to open /dev/stdout again."""
    uid = context.process.user.uid
    if uid != 0:
        for fd in (0, 1, 2):
            kernel.own_stream(fd, uid)


def _capabilities(context: Context) -> CapabilitySets:
    return context.process.capabilities or _WITHOUT


def _rlimit(value: int) -> int:
    # The specification counts in unsigned 64 bits; Python's "unlimited" is -1.
    return resource.RLIM_INFINITY if value in (-1, 2**64 - 1) else value
