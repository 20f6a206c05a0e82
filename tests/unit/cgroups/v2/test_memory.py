"""The memory part of cgroup v2, on a made-up group."""

import pytest

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.cgroups.v2 import memory
from labkit.spec.runtime import MemoryResources, Resources
from tests.unit.cgroups.folders import v2_folder, without


def _apply(resources: MemoryResources, *missing: str) -> dict[str, str]:
    folder, tree = v2_folder()
    without(tree, *missing)
    memory.apply(folder, Resources(memory=resources))
    return dict(tree.writes)


def test_swap_is_what_is_left_of_the_sum() -> None:
    writes = _apply(MemoryResources(limit=64, swap=100, reservation=8))
    assert writes == {memory.MAX: "64", memory.SWAP_MAX: "36", memory.LOW: "8"}


def test_the_same_sum_means_no_swap() -> None:
    assert _apply(MemoryResources(limit=64, swap=64))[memory.SWAP_MAX] == "0"


def test_unlimited_is_max() -> None:
    writes = _apply(MemoryResources(limit=-1))
    assert writes == {memory.MAX: "max", memory.SWAP_MAX: "max"}
    assert _apply(MemoryResources(limit=64, swap=-1))[memory.SWAP_MAX] == "max"


def test_a_sum_alone_is_held_against_the_limit_that_is_set() -> None:
    folder, tree = v2_folder()
    folder.write(memory.MAX, "64\n")
    tree.writes.clear()
    memory.apply(folder, Resources(memory=MemoryResources(swap=100)))
    assert tree.writes == [(memory.SWAP_MAX, "36")]


@pytest.mark.parametrize(
    "resources", [MemoryResources(limit=64, swap=32), MemoryResources(swap=32)]
)
def test_refuses_a_sum_below_memory(resources: MemoryResources) -> None:
    with pytest.raises(InvalidInputError, match=r"cannot limit memory and swap .* 32"):
        _apply(resources)


@pytest.mark.parametrize(
    "resources",
    [MemoryResources(swappiness=10), MemoryResources(disable_oom_killer=True)],
)
def test_refuses_what_v2_does_not_have(resources: MemoryResources) -> None:
    with pytest.raises(UnsupportedError, match="cgroup v2 does not have it"):
        _apply(resources)


def test_without_swap_accounting_a_swap_limit_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="cannot limit swap"):
        _apply(MemoryResources(limit=64, swap=100), memory.SWAP_MAX)
    assert _apply(MemoryResources(limit=-1), memory.SWAP_MAX) == {memory.MAX: "max"}


def test_before_5_19_the_peak_is_what_is_used_now() -> None:
    folder, tree = v2_folder()
    without(tree, "memory.peak")
    assert memory.read_stats(folder).max_usage == 4096


def test_counts_oom_kills() -> None:
    folder, _ = v2_folder()
    folder.write(memory.EVENTS, "max 1\noom 1\noom_kill 2\n")
    assert memory.read_oom_kills(folder) == 2
