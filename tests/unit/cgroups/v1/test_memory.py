"""The memory part of cgroup v1, on a made-up group."""

import pytest

from labkit.base.errors import UnsupportedError
from labkit.cgroups.v1 import memory
from labkit.spec.runtime import MemoryResources, Resources
from tests.unit.cgroups.folders import v1_folder, without


def _apply(resources: MemoryResources, *missing: str) -> list[tuple[str, str]]:
    folder, tree = v1_folder("memory")
    without(tree, *missing)
    memory.apply(folder, Resources(memory=resources))
    return tree.writes


def test_writes_every_value() -> None:
    assert _apply(
        MemoryResources(limit=8, reservation=4, swappiness=10, disable_oom_killer=True)
    ) == [
        (memory.LIMIT, "8"),
        (memory.RESERVATION, "4"),
        (memory.SWAPPINESS, "10"),
        (memory.OOM_CONTROL, "1"),
    ]


def test_a_shrinking_sum_goes_last() -> None:
    writes = _apply(MemoryResources(limit=8, swap=16))
    assert [name for name, _ in writes] == [memory.LIMIT, memory.SWAP_LIMIT]


def test_a_growing_sum_goes_first() -> None:
    folder, tree = v1_folder("memory")
    memory.apply(folder, Resources(memory=MemoryResources(limit=8, swap=16)))
    tree.writes.clear()
    memory.apply(folder, Resources(memory=MemoryResources(limit=32, swap=64)))
    assert tree.writes == [(memory.SWAP_LIMIT, "64"), (memory.LIMIT, "32")]


def test_no_limit_on_memory_means_none_on_the_sum() -> None:
    writes = dict(_apply(MemoryResources(limit=-1)))
    assert writes == {memory.LIMIT: "-1", memory.SWAP_LIMIT: "-1"}


def test_without_swap_accounting_a_swap_limit_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="cannot limit swap of /parent/box"):
        _apply(MemoryResources(limit=8, swap=16), memory.SWAP_LIMIT)


def test_without_swap_accounting_memory_is_limited_all_the_same() -> None:
    writes = _apply(MemoryResources(limit=-1), memory.SWAP_LIMIT)
    assert writes == [(memory.LIMIT, "-1")]


def test_nothing_asked_nothing_written() -> None:
    folder, tree = v1_folder("memory")
    memory.apply(folder, Resources())
    assert tree.writes == []


def test_counts_oom_kills() -> None:
    folder, _ = v1_folder("memory")
    folder.write(memory.OOM_CONTROL, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n")
    assert memory.read_oom_kills(folder) == 3


def test_the_kernels_largest_number_is_no_limit() -> None:
    folder, _ = v1_folder("memory")
    assert memory.read_stats(folder).limit is None
    folder.write(memory.LIMIT, "1024")
    assert memory.read_stats(folder).limit == 1024
