"""v1 cpuacct: processor time used, in all and by processor; nothing to set."""

import os
from dataclasses import replace

from labkit.cgroups.files import Folder, parse_flat
from labkit.cgroups.model import CpuStats

_NANOSECONDS = 1_000_000_000


def read_times(folder: Folder, stats: CpuStats) -> CpuStats:
    """Add the times to what the cpu controller said."""
    split = parse_flat(folder.read("cpuacct.stat"))
    tick = _NANOSECONDS // os.sysconf("SC_CLK_TCK")
    return replace(
        stats,
        total_ns=int(folder.read("cpuacct.usage")),
        user_ns=split.get("user", 0) * tick,
        kernel_ns=split.get("system", 0) * tick,
        per_cpu_ns=tuple(map(int, folder.read("cpuacct.usage_percpu").split())),
    )
