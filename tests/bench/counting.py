"""What work costs whatever else the machine does: system calls, and processor time.

Milliseconds on a clock say as much about the neighbours as about us. How often the
kernel is asked is the same every time, and processor time nearly so, if it is compared
with a yardstick that is measured in the same minute.
"""

import contextlib
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.waiting import wait_until

_CPUACCT = Path("/sys/fs/cgroup/cpuacct")
_ROUNDS = 15
_TRIES = 3
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")
_NOISE = frozenset({"futex", "epoll_wait", "sched_yield", "restart_syscall", "poll"})
"""Waiting: how often depends on who runs when."""


class CpuGroup:
    """A cgroup in which processes and all their children are counted."""

    def __init__(self) -> None:
        self._path = _CPUACCT / f"lk-bench-{os.getpid()}"

    @staticmethod
    def is_available() -> bool:
        return (_CPUACCT / "cpuacct.usage").exists() and os.geteuid() == 0

    @contextlib.contextmanager
    def holding(self, start: Callable[[], None]) -> Iterator[None]:
        """Start something inside; the group is gone at the end, when that has ended."""
        self._path.mkdir()
        before = Path("/proc/self/cgroup").read_text()
        own = next(
            line.split(":", 2)[2]
            for line in before.splitlines()
            if "cpuacct" in line.split(":")[1].split(",")
        )
        try:
            (self._path / "cgroup.procs").write_text(str(os.getpid()))
            try:
                start()
            finally:
                (_CPUACCT / own.strip("/") / "cgroup.procs").write_text(
                    str(os.getpid())
                )
            yield
        finally:
            wait_until(self._is_removed, "the group is empty", 20)

    def milliseconds(self) -> float:
        return int((self._path / "cpuacct.usage").read_text()) / 1e6

    def _is_removed(self) -> bool:
        with contextlib.suppress(OSError):
            self._path.rmdir()
        return not self._path.exists()


def processor_ratio(cost: Callable[[], float], most: float) -> float:
    """Return what work costs in milliseconds, over the yardstick's milliseconds.

    Work that seems to cost more than ``most`` is measured again, twice if need be: what
    was the machine's doing passes, and what is the work's own stays.
    """
    ratio = _measured_ratio(cost)
    for _ in range(_TRIES - 1):
        if ratio > most:
            ratio = min(ratio, _measured_ratio(cost))
    return ratio


def _measured_ratio(cost: Callable[[], float]) -> float:
    pairs = [(cost(), yardstick_milliseconds()) for _ in range(_ROUNDS)]
    # The lower quarters: a neighbour can only make either dearer.
    low, yardstick = (
        statistics.quantiles(each, n=4)[0] for each in zip(*pairs, strict=True)
    )
    return round(low / yardstick, 3)


def yardstick_milliseconds() -> float:
    """Return the processor time of starting a Python that imports a little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-I", "-S", "-c", "import json, asyncio"]
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds * 1000


@contextlib.contextmanager
def counted_calls(pids: list[int]) -> Iterator[Counter[str]]:
    """Count the system calls of processes and of all that they fork meanwhile."""
    counts: Counter[str] = Counter()
    with tempfile.NamedTemporaryFile("r", prefix="lk-strace-") as trace:
        command = ["strace", "-f", "-q", "-o", trace.name]
        for pid in pids:
            command += ["-p", str(pid)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as tracer:
            for pid in pids:
                wait_until(lambda pid=pid: _is_traced(pid), f"{pid} is traced")
            try:
                yield counts
            finally:
                tracer.send_signal(signal.SIGINT)
                tracer.wait(20)
        for line in trace:
            match = _CALL.match(line)
            if match and match[1] not in _NOISE:
                counts[match[1]] += 1


def _is_traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    return "TracerPid:\t0\n" not in status
