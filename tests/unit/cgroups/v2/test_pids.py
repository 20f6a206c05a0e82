"""The pids part of cgroup v2, on a made-up group."""

import pytest

from labkit.cgroups.v2 import pids
from labkit.spec.runtime import PidsResources, Resources
from tests.unit.cgroups.folders import v2_folder


@pytest.mark.parametrize(
    ("limit", "written"), [(50, "50"), (1, "1"), (0, "max"), (-1, "max")]
)
def test_writes_the_limit(limit: int, written: str) -> None:
    folder, tree = v2_folder()
    pids.apply(folder, Resources(pids=PidsResources(limit)))
    assert tree.writes == [(pids.MAX, written)]


def test_reads_use_and_limit() -> None:
    folder, _ = v2_folder()
    assert pids.read_stats(folder).current == 3
    assert pids.read_stats(folder).limit is None
    folder.write(pids.MAX, "7\n")
    assert pids.read_stats(folder).limit == 7


def test_nothing_asked_nothing_written() -> None:
    folder, tree = v2_folder()
    pids.apply(folder, Resources())
    assert tree.writes == []
