"""The cpu part of cgroup v2, on a made-up group."""

import pytest

from labkit.base.errors import UnsupportedError
from labkit.cgroups.v2 import cpu
from labkit.spec.runtime import CpuResources, Resources
from tests.unit.cgroups.folders import v2_folder


@pytest.mark.parametrize(
    ("shares", "weight"),
    [(2, 1), (1024, 39), (512, 20), (262_144, 10_000), (1, 1), (10**6, 10_000)],
)
def test_shares_become_weight_as_in_runc(shares: int, weight: int) -> None:
    assert cpu.weight_of_shares(shares) == weight


@pytest.mark.parametrize(
    ("resources", "written"),
    [
        (CpuResources(quota=50_000, period=200_000), "50000 200000"),
        (CpuResources(quota=50_000), "50000 100000"),
        (CpuResources(period=50_000), "max 50000"),
        (CpuResources(quota=-1), "max 100000"),
    ],
)
def test_quota_and_period_are_one_line(resources: CpuResources, written: str) -> None:
    folder, tree = v2_folder()
    cpu.apply(folder, Resources(cpu=resources))
    assert tree.writes == [(cpu.MAX, written)]


def test_a_period_alone_keeps_the_quota() -> None:
    folder, tree = v2_folder()
    folder.write(cpu.MAX, "7000 100000\n")
    tree.writes.clear()
    cpu.apply(folder, Resources(cpu=CpuResources(period=50_000)))
    assert tree.writes == [(cpu.MAX, "7000 50000")]


def test_refuses_realtime() -> None:
    folder, _ = v2_folder()
    with pytest.raises(UnsupportedError, match="realtime"):
        cpu.apply(folder, Resources(cpu=CpuResources(realtime_period=1)))


def test_reads_times_in_nanoseconds() -> None:
    folder, _ = v2_folder()
    stats = cpu.read_stats(folder)
    assert (stats.total_ns, stats.user_ns, stats.kernel_ns) == (3000, 1000, 2000)
    assert stats.throttled_ns == 5000
    assert stats.per_cpu_ns == ()
