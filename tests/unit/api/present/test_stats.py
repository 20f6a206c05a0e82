"""Readings of counters."""

from collections.abc import AsyncIterator

from labkit.api.present.stats import describe_reading, describe_readings
from labkit.cgroups.model import (
    BlockIoEntry,
    BlockIoStats,
    CpuStats,
    MemoryStats,
    PidsStats,
    Stats,
)
from labkit.engine.containers.stats import InterfaceStats, StatsSample
from tests.unit.api.present.records import ID, MIDNIGHT, SECOND, make_container

STATS = Stats(
    MemoryStats(100, 200, 300, 0, {"cache": 1}),
    CpuStats(10, 6, 4, (7, 3), 1, 2, 3),
    PidsStats(5, None),
    BlockIoStats((BlockIoEntry(8, 0, "read", 9),)),
    system_cpu_ns=1000,
    online_cpus=2,
)
LINK = InterfaceStats("eth0", 1, 2, 3, 4, 5, 6, 7, 8)


def _sample(at: int, stats: Stats | None = STATS) -> StatsSample:
    return StatsSample(make_container(), MIDNIGHT + at, stats, (LINK,))


def test_spells_all_counters() -> None:
    body = describe_reading(_sample(0), None)
    assert (body["name"], body["id"]) == ("/web", ID)
    assert body["cpu_stats"]["cpu_usage"]["percpu_usage"] == [7, 3]
    assert body["memory_stats"]["limit"] == 300
    assert body["pids_stats"] == {"current": 5}
    assert body["networks"]["eth0"]["tx_dropped"] == 8
    assert body["blkio_stats"]["io_service_bytes_recursive"] == [
        {"major": 8, "minor": 0, "op": "read", "value": 9}
    ]


def test_one_that_does_not_run_has_empty_counters() -> None:
    body = describe_reading(_sample(0, None), None)
    assert body["read"] == "0001-01-01T00:00:00Z"
    assert (body["memory_stats"], body["pids_stats"]) == ({}, {})
    assert "system_cpu_usage" not in body["cpu_stats"]
    later = describe_reading(_sample(SECOND, None), _sample(0, None))
    assert later["preread"] == body["read"]
    assert set(body["blkio_stats"].values()) == {None}


def test_what_is_zero_or_missing_is_left_out() -> None:
    sample = StatsSample(make_container(), MIDNIGHT, STATS)
    body = describe_reading(sample, None)
    assert "networks" not in body
    assert "failcnt" not in body["memory_stats"]


async def test_each_reading_carries_the_one_before() -> None:
    async def two() -> AsyncIterator[StatsSample]:
        yield _sample(0)
        yield _sample(SECOND)

    first, second = [body async for body in describe_readings(two())]
    assert first["preread"] == "0001-01-01T00:00:00Z"
    assert second["preread"] == "2026-01-02T00:00:00Z"
    assert second["precpu_stats"] == first["cpu_stats"]
