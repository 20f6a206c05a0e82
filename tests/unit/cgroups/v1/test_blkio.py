"""The blkio part of cgroup v1, on a made-up group."""

import pytest

from labkit.base.errors import UnsupportedError
from labkit.cgroups.model import BlockIoEntry
from labkit.cgroups.v1 import blkio
from labkit.spec.runtime import (
    BlockIoResources,
    Resources,
    ThrottleDevice,
    WeightDevice,
)
from tests.unit.cgroups.folders import v1_folder, without


def test_weight_goes_to_the_file_that_is_there() -> None:
    folder, tree = v1_folder("blkio")
    blkio.apply(folder, Resources(block_io=BlockIoResources(weight=300)))
    assert tree.writes == [("blkio.bfq.weight", "300")]


def test_weight_on_one_device() -> None:
    folder, tree = v1_folder("blkio")
    block = BlockIoResources(weight_device=(WeightDevice(8, 16, 300),))
    blkio.apply(folder, Resources(block_io=block))
    assert tree.writes == [("blkio.bfq.weight_device", "8:16 300")]


def test_without_weights_a_weight_is_refused() -> None:
    folder, tree = v1_folder("blkio")
    without(tree, "blkio.bfq.weight")
    with pytest.raises(UnsupportedError, match="cannot set block I/O weight 300"):
        blkio.apply(folder, Resources(block_io=BlockIoResources(weight=300)))


def test_each_throttle_has_its_file() -> None:
    folder, tree = v1_folder("blkio")
    read, write = ThrottleDevice(8, 0, 1024), ThrottleDevice(8, 16, 5)
    blkio.apply(
        folder,
        Resources(
            block_io=BlockIoResources(
                throttle_read_bps_device=(read,), throttle_write_iops_device=(write,)
            )
        ),
    )
    assert tree.writes == [
        ("blkio.throttle.read_bps_device", "8:0 1024"),
        ("blkio.throttle.write_iops_device", "8:16 5"),
    ]


def test_reads_counters_without_the_total() -> None:
    folder, _ = v1_folder("blkio")
    stats = blkio.read_stats(folder)
    assert stats.service_bytes == (BlockIoEntry(254, 0, "read", 4096),)
    assert stats.serviced == (BlockIoEntry(254, 0, "read", 1),)


def test_without_files_there_are_no_counters() -> None:
    folder, tree = v1_folder("blkio")
    without(tree, "blkio.throttle.io_service_bytes", "blkio.throttle.io_serviced")
    assert blkio.read_stats(folder).service_bytes == ()


def test_nothing_asked_nothing_written() -> None:
    folder, tree = v1_folder("blkio")
    blkio.apply(folder, Resources())
    assert tree.writes == []
