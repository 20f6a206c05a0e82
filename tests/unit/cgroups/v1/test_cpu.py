"""The cpu part of cgroup v1, on a made-up group."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.cgroups.v1 import cpu
from labkit.spec.runtime import CpuResources, Resources
from tests.unit.cgroups.folders import v1_folder


def _apply(resources: CpuResources) -> list[tuple[str, str]]:
    folder, tree = v1_folder("cpu")
    cpu.apply(folder, Resources(cpu=resources))
    return tree.writes


def test_the_old_quota_goes_before_a_new_period() -> None:
    assert _apply(CpuResources(quota=50, period=100)) == [
        (cpu.QUOTA, "-1"),
        (cpu.PERIOD, "100"),
        (cpu.QUOTA, "50"),
    ]


def test_a_quota_alone() -> None:
    assert _apply(CpuResources(quota=-1)) == [(cpu.QUOTA, "-1")]


def test_zero_means_as_it_was() -> None:
    assert _apply(CpuResources(shares=0, quota=0, period=0)) == []


def test_shares_and_realtime() -> None:
    assert _apply(CpuResources(shares=512, realtime_period=10, realtime_runtime=5)) == [
        (cpu.SHARES, "512"),
        (cpu.REALTIME_PERIOD, "10"),
        (cpu.REALTIME_RUNTIME, "5"),
    ]


def test_reads_throttling() -> None:
    folder, _ = v1_folder("cpu")
    stats = cpu.read_throttling(folder)
    assert (stats.periods, stats.throttled_periods, stats.throttled_ns) == (7, 2, 500)


@pytest.mark.parametrize(("shares", "end"), [(1, "minimum"), (1 << 19, "maximum")])
def test_refuses_shares_that_the_kernel_made_others_of(shares: int, end: str) -> None:
    with pytest.raises(InvalidInputError, match=f"the {end} allowed cpu-shares is "):
        _apply(CpuResources(shares=shares))
