"""Counters as values."""

from labkit.cgroups.model import MemoryStats, Stats


def test_inactive_file_is_found_under_either_name() -> None:
    assert MemoryStats(details={"total_inactive_file": 3}).inactive_file == 3
    assert MemoryStats(details={"inactive_file": 4}).inactive_file == 4
    assert MemoryStats().inactive_file == 0


def test_v1_counts_the_whole_tree() -> None:
    both = {"inactive_file": 1, "total_inactive_file": 2}
    assert MemoryStats(details=both).inactive_file == 2


def test_an_absent_controller_reads_as_zero() -> None:
    assert Stats().pids.current == 0
    assert Stats().memory.limit is None
