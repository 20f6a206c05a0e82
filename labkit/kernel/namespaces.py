"""A process's namespaces: names, ids and the ways in (namespaces(7)).

``/proc/PID/ns/net`` is a magic link: opened it holds the namespace, read it says
``net:[4026531840]``, and two processes share a namespace when those are the same.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.kernel import libc
from labkit.kernel.flags import CloneFlag

# The runtime specification's word -> our bit and the kernel's file name.
_KINDS: dict[str, tuple[CloneFlag, str]] = {
    "mount": (CloneFlag.NEWNS, "mnt"),
    "pid": (CloneFlag.NEWPID, "pid"),
    "network": (CloneFlag.NEWNET, "net"),
    "ipc": (CloneFlag.NEWIPC, "ipc"),
    "uts": (CloneFlag.NEWUTS, "uts"),
    "cgroup": (CloneFlag.NEWCGROUP, "cgroup"),
    "user": (CloneFlag.NEWUSER, "user"),
}


def namespace_flag(kind: str) -> CloneFlag:
    """Return the bit for the specification's word, such as ``network``."""
    if kind not in _KINDS:
        raise InvalidInputError(f"unknown namespace type {kind!r}")
    return _KINDS[kind][0]


def namespace_path(pid: int, kind: str) -> Path:
    """Return the file through which a process's namespace is joined."""
    if kind not in _KINDS:
        raise InvalidInputError(f"unknown namespace type {kind!r}")
    return Path("/proc", str(pid), "ns", _KINDS[kind][1])


def namespace_ids(pid: int) -> dict[str, str]:
    """Return ``{"network": "net:[4026531840]", ...}`` of a process."""
    return {kind: os.readlink(namespace_path(pid, kind)) for kind in _KINDS}


@contextlib.contextmanager
def network_namespace(path: Path) -> Iterator[None]:
    """Run the calling *thread* in another network namespace for a while.

    Sockets that are opened meanwhile belong to that namespace for good. Use it on a
    short-lived thread or in a single-threaded process: everything else the thread does
    happens there, too.
    """
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        other = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            libc.setns(other, CloneFlag.NEWNET)
        finally:
            os.close(other)
        try:
            yield
        finally:
            libc.setns(own, CloneFlag.NEWNET)
    finally:
        os.close(own)
