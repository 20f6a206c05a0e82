"""Work inside another network namespace without moving anybody there for good.

setns(2) moves the calling *thread*. The engine's threads are shared by many requests,
so none of them ever moves: a thread of its own enters the namespace, opens what it came
for, and ends. What it opened (sockets, above all) stays in the namespace it was
made in, whoever holds it (network_namespaces(7)).
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from labkit.base.errors import ConflictError
from labkit.kernel.flags import CloneFlag
from labkit.kernel.linux import LinuxKernel

T = TypeVar("T")


def open_namespace(pid: int) -> int:
    """Open the network namespace of a process.

    Raises:
        ConflictError: the process has ended.
    """
    path = f"/proc/{pid}/ns/net"
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise ConflictError(
            f"cannot enter the network namespace of process {pid}: {error.strerror}"
        ) from error


def run_inside(namespace: int, work: Callable[[], T]) -> T:
    """Call ``work`` on a short-lived thread in a network namespace.

    Args:
        namespace: an open ``/proc/PID/ns/net``.
        work: what to do; its result or its exception comes back to the caller.
    """
    results: list[T] = []
    failures: list[BaseException] = []

    def enter_and_work() -> None:
        try:
            LinuxKernel().setns(namespace, CloneFlag.NEWNET)
            results.append(work())
        except BaseException as error:  # noqa: BLE001  handed to the caller below
            failures.append(error)

    thread = threading.Thread(target=enter_and_work, name="labkit-inside")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


def write_sysctl(name: str, value: str) -> None:
    """Set a kernel parameter of the calling thread's network namespace.

    ``/proc/sys/net`` shows each thread its own namespace's values. ``name`` is written
    with slashes, because interface names may have dots in them.

    Raises:
        FileNotFoundError: this kernel hasn't got it.
    """
    Path("/proc/sys", name).write_text(value)


def write_sysctl_if_there(name: str, value: str) -> None:
    """The same for a parameter that belongs to an optional part of the kernel."""
    path = Path("/proc/sys", name)
    if path.exists():
        path.write_text(value)
