"""Who is in a cgroup, sub-groups included, and how all of them are killed."""

import os
import signal

from labkit.base.errors import ConflictError, NotFoundError
from labkit.cgroups.files import Folder, wait_until

PROCS = "cgroup.procs"


def read_members(folder: Folder) -> tuple[int, ...]:
    """Return the pids as this process sees them; none if the group is gone."""
    try:
        pids = [int(pid) for pid in folder.read(PROCS).split()]
    except NotFoundError:
        return ()
    for child in folder.children():
        pids.extend(read_members(child))
    return tuple(pids)


def kill_members(folder: Folder) -> bool:
    """Send SIGKILL to all who are there; return whether nobody was."""
    pids = read_members(folder)
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended by itself meanwhile
    return not pids


def kill_until_empty(folder: Folder, timeout_seconds: float) -> None:
    """Repeat: a process may have forked between reading and sending."""

    def give_up() -> None:
        left = ", ".join(map(str, read_members(folder)))
        raise ConflictError(f"cannot kill processes {left} of {folder.path}")

    wait_until(lambda: kill_members(folder), timeout_seconds, give_up)
