"""What of an earlier daemon runs on and can no longer be spoken to.

A container is reached by its shim's socket, netd by its own; both lie in the data root.
Where somebody removed those folders by hand, the processes go on, and nobody would ever
end them: the record says that the container has ended, and so be it.
"""

import contextlib
import logging
import os
import select
import signal
from collections.abc import Callable
from pathlib import Path

from labkit.cgroups.manager import Manager

SHIM_SOCKET, NETD_SOCKET = "shim.sock", "netd.sock"
_END_MILLISECONDS = 5000
_log = logging.getLogger(__name__)


def end_stray_containers(
    parent: str, cgroup: Callable[[str], Manager], folders: Path
) -> None:
    """Kill all processes of groups without a shim, and remove those groups."""
    for name in cgroup(parent).children():
        if (folders / name / SHIM_SOCKET).exists():
            continue
        group = cgroup(f"{parent}/{name}")
        processes = group.processes()
        if processes:
            _log.warning("container %s has lost its folder: it is ended", name)
            group.kill()
        group.delete()


def end_stray_netd(home: Path) -> None:
    """End a netd whose socket is gone; its namespace and all veths go with it."""
    if (home / NETD_SOCKET).exists():
        return
    for pid in _processes_with(["-m", "labkit.network.netd", "--home", str(home)]):
        _log.warning("netd %d has lost its folder: it is ended", pid)
        _kill(pid)


def _processes_with(wanted: list[str]) -> list[int]:
    text = b"\0".join(map(os.fsencode, wanted)) + b"\0"
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it ended while we looked
            if text in Path(f"/proc/{name}/cmdline").read_bytes():
                found.append(int(name))
    return found


def _kill(pid: int) -> None:
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        poll.poll(_END_MILLISECONDS)
    finally:
        os.close(pidfd)
