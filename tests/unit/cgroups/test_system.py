"""The machine's processor time."""

import os
from pathlib import Path

from labkit.cgroups.system import count_online_cpus, read_system_cpu_ns


def test_adds_up_all_but_guest_time(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  1 2 3 4 5 6 7 8 900 900\ncpu0 1 2 3 4 5 6 7 8 0 0\n")
    tick = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    assert read_system_cpu_ns(stat) == 36 * tick


def test_reads_this_machines() -> None:
    assert read_system_cpu_ns() > 0
    assert count_online_cpus() >= 1
