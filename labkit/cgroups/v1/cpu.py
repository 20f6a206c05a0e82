"""v1 cpu: shares (weight under contention) and the quota of a period."""

from labkit.base.errors import InvalidInputError
from labkit.cgroups.files import Folder, parse_flat
from labkit.cgroups.model import CpuStats
from labkit.spec.runtime import CpuResources, Resources

SHARES = "cpu.shares"
PERIOD = "cpu.cfs_period_us"
QUOTA = "cpu.cfs_quota_us"
REALTIME_PERIOD = "cpu.rt_period_us"
REALTIME_RUNTIME = "cpu.rt_runtime_us"


def apply(folder: Folder, resources: Resources) -> None:
    """Write what is asked for; a quota of -1 takes the limit away."""
    cpu = resources.cpu
    if cpu is None:
        return
    if cpu.shares:
        _apply_shares(folder, cpu.shares)
    _apply_quota(folder, cpu)
    if cpu.realtime_period:
        folder.write(REALTIME_PERIOD, str(cpu.realtime_period))
    if cpu.realtime_runtime:
        folder.write(REALTIME_RUNTIME, str(cpu.realtime_runtime))


def read_throttling(folder: Folder) -> CpuStats:
    """Read how often the quota was used up; the times come from cpuacct."""
    counters = parse_flat(folder.read("cpu.stat"))
    return CpuStats(
        periods=counters.get("nr_periods", 0),
        throttled_periods=counters.get("nr_throttled", 0),
        throttled_ns=counters.get("throttled_time", 0),
    )


def _apply_shares(folder: Folder, shares: int) -> None:
    """Write shares; the kernel puts what is out of its range to the range's end."""
    folder.write(SHARES, str(shares))
    got = int(folder.read(SHARES))
    if got != shares:
        end = "minimum" if got > shares else "maximum"
        raise InvalidInputError(f"the {end} allowed cpu-shares is {got}")


def _apply_quota(folder: Folder, cpu: CpuResources) -> None:
    quota = cpu.quota or None
    if cpu.period and quota and quota > 0:
        # The kernel checks quota / period against the parent's after each write:
        # without a quota in between no order can be wrong.
        folder.write(QUOTA, "-1")
    if cpu.period:
        folder.write(PERIOD, str(cpu.period))
    if quota:
        folder.write(QUOTA, str(quota))
