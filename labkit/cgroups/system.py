"""The whole machine's processor time, against which a container's is compared."""

import os
from pathlib import Path

_NANOSECONDS = 1_000_000_000
# user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user already
# (proc_stat(5)).
_COLUMNS = 8


def read_system_cpu_ns(path: Path = Path("/proc/stat")) -> int:
    """Return what all processors spent since boot, idle time included."""
    first, _, _ = path.read_text().partition("\n")
    ticks = sum(map(int, first.split()[1 : 1 + _COLUMNS]))
    return ticks * (_NANOSECONDS // os.sysconf("SC_CLK_TCK"))


def count_online_cpus() -> int:
    return os.cpu_count() or 1
