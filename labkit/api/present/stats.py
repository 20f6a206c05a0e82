"""A reading of counters as ``GET /containers/{id}/stats`` gives it.

The share of CPU is the client's to compute, from two readings: each answer carries the
reading before it as ``precpu_stats``. The first one's is empty.
"""

from collections.abc import AsyncIterator
from typing import Any

from labkit.base.clock import NEVER, format_time
from labkit.cgroups.model import BlockIoEntry, CpuStats, MemoryStats, Stats
from labkit.engine.containers.stats import InterfaceStats, StatsSample

_BLOCK_IO = (
    "io_service_bytes_recursive",
    "io_serviced_recursive",
    "io_queue_recursive",
    "io_service_time_recursive",
    "io_wait_time_recursive",
    "io_merged_recursive",
    "io_time_recursive",
    "sectors_recursive",
)
_NO_CPU: dict[str, Any] = {
    "cpu_usage": {
        "total_usage": 0,
        "usage_in_kernelmode": 0,
        "usage_in_usermode": 0,
    },
    "throttling_data": {"periods": 0, "throttled_periods": 0, "throttled_time": 0},
}


async def describe_readings(
    samples: AsyncIterator[StatsSample],
) -> AsyncIterator[dict[str, Any]]:
    """Spell readings one after the other, each with the one before it."""
    before: StatsSample | None = None
    async for sample in samples:
        yield describe_reading(sample, before)
        before = sample


def describe_reading(sample: StatsSample, before: StatsSample | None) -> dict[str, Any]:
    """Spell one reading."""
    found = sample.stats or Stats()
    runs = sample.stats is not None
    body: dict[str, Any] = {
        "read": format_time(sample.read_ns) if runs else NEVER,
        "preread": format_time(before.read_ns) if before and before.stats else NEVER,
        "pids_stats": _pids(found) if runs else {},
        "blkio_stats": _block_io(sample.stats),
        "num_procs": 0,
        "storage_stats": {},
        "cpu_stats": _cpu(sample.stats),
        "precpu_stats": _cpu(before.stats if before else None),
        "memory_stats": _memory(found.memory) if runs else {},
        "name": f"/{sample.container.name}",
        "id": sample.container.id,
    }
    if sample.interfaces:
        body["networks"] = {one.name: _interface(one) for one in sample.interfaces}
    return body


def _pids(found: Stats) -> dict[str, int]:
    body = {"current": found.pids.current}
    if found.pids.limit is not None:
        body["limit"] = found.pids.limit
    return body


def _cpu(stats: Stats | None) -> dict[str, Any]:
    if stats is None:
        return _NO_CPU
    return {
        "cpu_usage": _cpu_usage(stats.cpu),
        "system_cpu_usage": stats.system_cpu_ns,
        "online_cpus": stats.online_cpus,
        "throttling_data": {
            "periods": stats.cpu.periods,
            "throttled_periods": stats.cpu.throttled_periods,
            "throttled_time": stats.cpu.throttled_ns,
        },
    }


def _cpu_usage(cpu: CpuStats) -> dict[str, Any]:
    body: dict[str, Any] = {"total_usage": cpu.total_ns}
    if cpu.per_cpu_ns:
        body["percpu_usage"] = list(cpu.per_cpu_ns)
    return body | {
        "usage_in_kernelmode": cpu.kernel_ns,
        "usage_in_usermode": cpu.user_ns,
    }


def _memory(memory: MemoryStats) -> dict[str, Any]:
    body: dict[str, Any] = {
        "usage": memory.usage,
        "max_usage": memory.max_usage,
        "stats": dict(memory.details),
    }
    if memory.fail_count:
        body["failcnt"] = memory.fail_count
    if memory.limit is not None:
        body["limit"] = memory.limit
    return body


def _block_io(stats: Stats | None) -> dict[str, Any]:
    """Spell what was read and written; the rest was the old CFQ scheduler's."""
    body: dict[str, Any] = dict.fromkeys(_BLOCK_IO, None if stats is None else ())
    if stats is not None:
        body["io_service_bytes_recursive"] = _entries(stats.block_io.service_bytes)
        body["io_serviced_recursive"] = _entries(stats.block_io.serviced)
    return body


def _entries(entries: tuple[BlockIoEntry, ...]) -> list[dict[str, Any]]:
    return [
        {
            "major": entry.major,
            "minor": entry.minor,
            "op": entry.operation,
            "value": entry.value,
        }
        for entry in entries
    ]


def _interface(one: InterfaceStats) -> dict[str, int]:
    return {
        "rx_bytes": one.rx_bytes,
        "rx_packets": one.rx_packets,
        "rx_errors": one.rx_errors,
        "rx_dropped": one.rx_dropped,
        "tx_bytes": one.tx_bytes,
        "tx_packets": one.tx_packets,
        "tx_errors": one.tx_errors,
        "tx_dropped": one.tx_dropped,
    }
