"""v1 memory: limit_in_bytes, memsw (memory and swap together), soft limit, OOM."""

from labkit.base.errors import UnsupportedError
from labkit.cgroups.files import Folder, parse_flat
from labkit.cgroups.model import MemoryStats
from labkit.spec.runtime import MemoryResources, Resources

LIMIT = "memory.limit_in_bytes"
SWAP_LIMIT = "memory.memsw.limit_in_bytes"
RESERVATION = "memory.soft_limit_in_bytes"
SWAPPINESS = "memory.swappiness"
OOM_CONTROL = "memory.oom_control"

# The kernel shows "no limit" as the largest multiple of the page size below 2**63.
_UNLIMITED = 0x7FFF_FFFF_FFFF_0000


def apply(folder: Folder, resources: Resources) -> None:
    """Write what is asked for; -1 takes a limit away."""
    memory = resources.memory
    if memory is None:
        return
    _apply_limits(folder, memory)
    if memory.reservation is not None:
        folder.write(RESERVATION, str(memory.reservation))
    if memory.swappiness is not None:
        folder.write(SWAPPINESS, str(memory.swappiness))
    if memory.disable_oom_killer is not None:
        folder.write(OOM_CONTROL, "1" if memory.disable_oom_killer else "0")


def read_stats(folder: Folder) -> MemoryStats:
    limit = int(folder.read(LIMIT))
    return MemoryStats(
        usage=int(folder.read("memory.usage_in_bytes")),
        max_usage=int(folder.read("memory.max_usage_in_bytes")),
        limit=None if limit >= _UNLIMITED else limit,
        fail_count=int(folder.read("memory.failcnt")),
        details=parse_flat(folder.read("memory.stat")),
    )


def read_oom_kills(folder: Folder) -> int:
    """Count the processes that the OOM killer took (Linux 4.13 and later)."""
    return parse_flat(folder.read(OOM_CONTROL)).get("oom_kill", 0)


def _apply_limits(folder: Folder, memory: MemoryResources) -> None:
    limit, swap = memory.limit, memory.swap
    if limit == -1 and swap is None and folder.has(SWAP_LIMIT):
        # Without a limit on memory, one on memory and swap together makes no sense.
        swap = -1
    if swap is not None and not folder.has(SWAP_LIMIT):
        raise UnsupportedError(
            f"cannot limit swap of {folder.path}: the kernel does not account for it"
        )
    writes = [(LIMIT, limit), (SWAP_LIMIT, swap)]
    # At every moment memory <= memory + swap must hold, else the kernel says EINVAL:
    # when the sum grows it goes first, when it shrinks it goes last.
    if swap is not None and limit is not None and _grows(folder, swap):
        writes.reverse()
    for name, value in writes:
        if value is not None:
            folder.write(name, str(value))


def _grows(folder: Folder, swap: int) -> bool:
    return swap == -1 or swap > int(folder.read(SWAP_LIMIT))
