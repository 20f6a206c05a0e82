"""Limits: Docker's words to the OCI specification's."""

import os
from pathlib import Path

from labkit.base.errors import InvalidInputError, os_reason
from labkit.engine.model import ResourceLimits, ThrottleRule
from labkit.spec.runtime import (
    BlockIoResources,
    CpuResources,
    DeviceRule,
    MemoryResources,
    PidsResources,
    Resources,
    ThrottleDevice,
    WeightDevice,
)

_PERIOD = 100_000  # microseconds: the scheduler's default


def build_resources(limits: ResourceLimits, rules: tuple[DeviceRule, ...]) -> Resources:
    """Return what the cgroup is set to."""
    pids = limits.pids_limit
    return Resources(
        devices=rules,
        memory=_memory(limits),
        cpu=_cpu(limits),
        pids=PidsResources(pids) if pids else None,
        block_io=_block_io(limits),
    )


def _memory(limits: ResourceLimits) -> MemoryResources | None:
    memory = MemoryResources(
        limit=limits.memory or None,
        reservation=limits.memory_reservation or None,
        swap=limits.memory_swap or None,
        swappiness=limits.memory_swappiness,
        disable_oom_killer=limits.oom_kill_disable or None,
    )
    return memory if memory != MemoryResources() else None


def _cpu(limits: ResourceLimits) -> CpuResources | None:
    quota, period = limits.cpu_quota or None, limits.cpu_period or None
    if limits.nano_cpus:
        # --cpus 1.5: so many microseconds of every hundred thousand.
        period = _PERIOD
        quota = limits.nano_cpus * _PERIOD // 10**9
    cpu = CpuResources(
        shares=limits.cpu_shares or None,
        quota=quota,
        period=period,
        realtime_runtime=limits.cpu_realtime_runtime or None,
        realtime_period=limits.cpu_realtime_period or None,
        cpus=limits.cpuset_cpus or None,
        mems=limits.cpuset_mems or None,
    )
    return cpu if cpu != CpuResources() else None


def _block_io(limits: ResourceLimits) -> BlockIoResources | None:
    block_io = BlockIoResources(
        weight=limits.blkio_weight or None,
        weight_device=tuple(
            WeightDevice(*_device(one.path), one.weight)
            for one in limits.blkio_weight_device
        ),
        throttle_read_bps_device=_throttles(limits.blkio_device_read_bps),
        throttle_write_bps_device=_throttles(limits.blkio_device_write_bps),
        throttle_read_iops_device=_throttles(limits.blkio_device_read_iops),
        throttle_write_iops_device=_throttles(limits.blkio_device_write_iops),
    )
    return block_io if block_io != BlockIoResources() else None


def _throttles(rules: tuple[ThrottleRule, ...]) -> tuple[ThrottleDevice, ...]:
    return tuple(ThrottleDevice(*_device(rule.path), rule.rate) for rule in rules)


def _device(path: str) -> tuple[int, int]:
    try:
        device = Path(path).stat().st_rdev
    except OSError as error:
        reason = os_reason(error)
        raise InvalidInputError(f"stat {path}: {reason}") from error
    return os.major(device), os.minor(device)
