"""The io part of cgroup v2, on a made-up group."""

import pytest

from labkit.base.errors import UnsupportedError
from labkit.cgroups.model import BlockIoEntry
from labkit.cgroups.v2 import io
from labkit.spec.runtime import (
    BlockIoResources,
    Resources,
    ThrottleDevice,
    WeightDevice,
)
from tests.unit.cgroups.folders import v2_folder, without


@pytest.mark.parametrize(("old", "new"), [(10, 1), (500, 4950), (1000, 10_000)])
def test_weights_are_mapped_as_in_runc(old: int, new: int) -> None:
    assert io.weight_of_blkio(old) == new


def test_bfq_kept_v1s_range() -> None:
    folder, tree = v2_folder()
    io.apply(folder, Resources(block_io=BlockIoResources(weight=500)))
    assert tree.writes == [("io.bfq.weight", "500")]


def test_weight_on_one_device() -> None:
    folder, tree = v2_folder()
    block = BlockIoResources(weight_device=(WeightDevice(8, 16, 500),))
    io.apply(folder, Resources(block_io=block))
    assert tree.writes == [("io.bfq.weight", "8:16 500")]


def test_io_weight_gets_the_mapped_number() -> None:
    folder, tree = v2_folder()
    without(tree, "io.bfq.weight")
    tree.groups[folder.path]["io.weight"] = "100"
    io.apply(folder, Resources(block_io=BlockIoResources(weight=500)))
    assert tree.writes == [("io.weight", "4950")]


def test_without_weights_a_weight_is_refused() -> None:
    folder, tree = v2_folder()
    without(tree, "io.bfq.weight")
    with pytest.raises(UnsupportedError, match="cannot set block I/O weight 500"):
        io.apply(folder, Resources(block_io=BlockIoResources(weight=500)))


def test_one_key_a_write() -> None:
    folder, tree = v2_folder()
    rules = BlockIoResources(
        throttle_read_bps_device=(ThrottleDevice(8, 0, 1024),),
        throttle_write_iops_device=(ThrottleDevice(8, 0, 0),),
    )
    io.apply(folder, Resources(block_io=rules))
    assert tree.writes == [(io.MAX, "8:0 rbps=1024"), (io.MAX, "8:0 wiops=max")]


def test_reads_counters() -> None:
    folder, _ = v2_folder()
    stats = io.read_stats(folder)
    assert BlockIoEntry(254, 0, "read", 4096) in stats.service_bytes
    assert BlockIoEntry(254, 0, "read", 1) in stats.serviced
