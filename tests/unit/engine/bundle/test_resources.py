"""Docker's limits in the specification's words."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.bundle.resources import build_resources
from labkit.engine.model import ResourceLimits, ThrottleRule
from labkit.spec.runtime import CpuResources, MemoryResources, PidsResources


def test_nothing_asked_means_nothing_said() -> None:
    found = build_resources(ResourceLimits(), ())
    assert (found.memory, found.cpu, found.pids, found.block_io) == (None,) * 4


def test_cpus_are_a_share_of_a_period() -> None:
    found = build_resources(ResourceLimits(nano_cpus=1_500_000_000), ())
    assert found.cpu == CpuResources(quota=150_000, period=100_000)


def test_memory_and_swap() -> None:
    limits = ResourceLimits(memory=64 << 20, memory_swap=-1, oom_kill_disable=True)
    assert build_resources(limits, ()).memory == MemoryResources(
        limit=64 << 20, swap=-1, disable_oom_killer=True
    )


def test_pids() -> None:
    found = build_resources(ResourceLimits(pids_limit=7), ())
    assert found.pids == PidsResources(7)


def test_throttled_device_must_be_there() -> None:
    limits = ResourceLimits(blkio_device_read_bps=(ThrottleRule("/dev/nosuch", 1),))
    with pytest.raises(InvalidInputError, match="stat /dev/nosuch: no such file"):
        build_resources(limits, ())


def test_throttle_names_the_device_by_number() -> None:
    limits = ResourceLimits(blkio_device_write_iops=(ThrottleRule("/dev/null", 9),))
    block_io = build_resources(limits, ()).block_io
    assert block_io is not None
    (rule,) = block_io.throttle_write_iops_device
    assert (rule.major, rule.minor, rule.rate) == (1, 3, 9)
