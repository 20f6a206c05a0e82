"""v2 memory: memory.max, memory.swap.max (swap alone), memory.low, OOM events."""

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.cgroups.files import Folder, parse_flat
from labkit.cgroups.model import MemoryStats
from labkit.spec.runtime import MemoryResources, Resources

MAX = "memory.max"
SWAP_MAX = "memory.swap.max"
LOW = "memory.low"
EVENTS = "memory.events"


def apply(folder: Folder, resources: Resources) -> None:
    """Write what is asked for; -1 takes a limit away."""
    memory = resources.memory
    if memory is None:
        return
    if memory.swappiness is not None or memory.disable_oom_killer:
        what = "swappiness" if memory.swappiness is not None else "disableOOMKiller"
        raise UnsupportedError(
            f"cannot set {what} of {folder.path}: cgroup v2 does not have it"
        )
    if memory.limit is not None:
        folder.write(MAX, spell_limit(memory.limit))
    swap = swap_alone(memory, folder)
    if swap is not None:
        _apply_swap(folder, swap)
    if memory.reservation is not None:
        folder.write(LOW, spell_limit(memory.reservation))


def swap_alone(memory: MemoryResources, folder: Folder) -> int | None:
    """Turn v1's "memory and swap together" into swap; None leaves it as it is."""
    if memory.swap is None:
        return -1 if memory.limit == -1 else None
    if memory.swap <= 0:
        return memory.swap or None
    limit = memory.limit
    if limit is None:
        current = folder.read(MAX).strip()
        limit = -1 if current == "max" else int(current)
    if limit == -1:
        raise InvalidInputError(
            f"cannot limit memory and swap of {folder.path} to {memory.swap}: "
            "memory has no limit"
        )
    if memory.swap < limit:
        raise InvalidInputError(
            f"cannot limit memory and swap of {folder.path} to {memory.swap}: "
            f"memory alone may have {limit}"
        )
    return memory.swap - limit


def read_stats(folder: Folder) -> MemoryStats:
    limit = folder.read(MAX).strip()
    usage = int(folder.read("memory.current"))
    # memory.peak is there since Linux 5.19
    peak = int(folder.read("memory.peak")) if folder.has("memory.peak") else usage
    return MemoryStats(
        usage=usage,
        max_usage=peak,
        limit=None if limit == "max" else int(limit),
        fail_count=parse_flat(folder.read(EVENTS)).get("max", 0),
        details=parse_flat(folder.read("memory.stat")),
    )


def read_oom_kills(folder: Folder) -> int:
    return parse_flat(folder.read(EVENTS)).get("oom_kill", 0)


def spell_limit(value: int) -> str:
    return "max" if value == -1 else str(value)


def _apply_swap(folder: Folder, swap: int) -> None:
    if folder.has(SWAP_MAX):
        folder.write(SWAP_MAX, spell_limit(swap))
    elif swap != -1:
        raise UnsupportedError(
            f"cannot limit swap of {folder.path}: the kernel does not account for it"
        )
