"""v2 cpu: cpu.weight (under contention) and cpu.max (quota of a period)."""

from labkit.base.errors import UnsupportedError
from labkit.cgroups.files import Folder, parse_flat
from labkit.cgroups.model import CpuStats
from labkit.spec.runtime import Resources

WEIGHT = "cpu.weight"
MAX = "cpu.max"
DEFAULT_PERIOD = 100_000
_MICROSECOND = 1_000


def apply(folder: Folder, resources: Resources) -> None:
    """Write what is asked for; a quota of -1 takes the limit away."""
    cpu = resources.cpu
    if cpu is None:
        return
    if cpu.realtime_runtime or cpu.realtime_period:
        raise UnsupportedError(
            f"cannot set realtime scheduling of {folder.path}: "
            "cgroup v2 does not have it"
        )
    if cpu.shares:
        folder.write(WEIGHT, str(weight_of_shares(cpu.shares)))
    if cpu.quota or cpu.period:
        old_quota, _, old_period = folder.read(MAX).strip().partition(" ")
        quota = old_quota if not cpu.quota else str(cpu.quota)
        period = str(cpu.period or old_period or DEFAULT_PERIOD)
        folder.write(MAX, f"{'max' if quota.startswith('-') else quota} {period}")


def weight_of_shares(shares: int) -> int:
    """Map v1's 2 ... 262144 to v2's 1 ... 10000 in a straight line, as runc does."""
    inside = min(max(shares, 2), 262_144)
    return 1 + (inside - 2) * 9_999 // 262_142


def read_stats(folder: Folder) -> CpuStats:
    counters = parse_flat(folder.read("cpu.stat"))

    def nanoseconds(name: str) -> int:
        return counters.get(name, 0) * _MICROSECOND

    return CpuStats(
        total_ns=nanoseconds("usage_usec"),
        user_ns=nanoseconds("user_usec"),
        kernel_ns=nanoseconds("system_usec"),
        periods=counters.get("nr_periods", 0),
        throttled_periods=counters.get("nr_throttled", 0),
        throttled_ns=nanoseconds("throttled_usec"),
    )
