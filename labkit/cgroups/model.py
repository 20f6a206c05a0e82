"""What a container used, in the shape both versions can tell.

Times are nanoseconds, sizes bytes. ``None`` for a limit means that there is none.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MemoryStats:
    """``details`` is the kernel's memory.stat, whose keys differ by version."""

    usage: int = 0
    max_usage: int = 0
    limit: int | None = None
    fail_count: int = 0
    details: dict[str, int] = field(default_factory=dict)

    @property
    def inactive_file(self) -> int:
        """Page cache that would be given back first; ``docker stats`` subtracts it."""
        return self.details.get(
            "total_inactive_file", self.details.get("inactive_file", 0)
        )


@dataclass(frozen=True, slots=True)
class CpuStats:
    """``per_cpu_ns`` is empty on v2, which does not count by processor."""

    total_ns: int = 0
    user_ns: int = 0
    kernel_ns: int = 0
    per_cpu_ns: tuple[int, ...] = ()
    periods: int = 0
    throttled_periods: int = 0
    throttled_ns: int = 0


@dataclass(frozen=True, slots=True)
class PidsStats:
    current: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class BlockIoEntry:
    """One counter: ``operation`` is ``read``, ``write`` ... in lower case."""

    major: int
    minor: int
    operation: str
    value: int


@dataclass(frozen=True, slots=True)
class BlockIoStats:
    service_bytes: tuple[BlockIoEntry, ...] = ()
    serviced: tuple[BlockIoEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Stats:
    """One reading of all counters; a controller that is not there reads as zero."""

    memory: MemoryStats = MemoryStats()
    cpu: CpuStats = CpuStats()
    pids: PidsStats = PidsStats()
    block_io: BlockIoStats = BlockIoStats()
    system_cpu_ns: int = 0  # what all processors of the machine spent, idle included
    online_cpus: int = 0
