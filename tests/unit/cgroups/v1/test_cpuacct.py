"""The cpuacct part of cgroup v1, on a made-up group."""

import os

from labkit.cgroups.model import CpuStats
from labkit.cgroups.v1 import cpuacct
from tests.unit.cgroups.folders import v1_folder


def test_adds_times_to_what_cpu_said() -> None:
    folder, _ = v1_folder("cpuacct")
    stats = cpuacct.read_times(folder, CpuStats(periods=7))
    tick = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    assert stats.periods == 7
    assert stats.total_ns == 3000
    assert stats.per_cpu_ns == (1000, 2000)
    assert (stats.user_ns, stats.kernel_ns) == (tick, 2 * tick)
