"""The pids controller, on a made-up group of either hierarchy."""

import pytest

from labkit.cgroups import pids
from labkit.spec.runtime import PidsResources, Resources
from tests.contract.cgroups.made_up import MadeUpFolder, MadeUpTree
from tests.unit.cgroups.folders import v1_folder, v2_folder

Group = tuple[MadeUpFolder, MadeUpTree]


@pytest.fixture(params=["v1", "v2"])
def group(request: pytest.FixtureRequest) -> Group:
    return v1_folder("pids") if request.param == "v1" else v2_folder()


@pytest.mark.parametrize(
    ("limit", "written"), [(50, "50"), (1, "1"), (0, "max"), (-1, "max")]
)
def test_writes_the_limit(group: Group, limit: int, written: str) -> None:
    folder, tree = group
    pids.apply(folder, Resources(pids=PidsResources(limit)))
    assert tree.writes == [(pids.MAX, written)]


def test_reads_use_and_limit(group: Group) -> None:
    folder, _ = group
    assert pids.read_stats(folder).current == 3
    assert pids.read_stats(folder).limit is None
    folder.write(pids.MAX, "7\n")
    assert pids.read_stats(folder).limit == 7


def test_nothing_asked_nothing_written(group: Group) -> None:
    folder, tree = group
    pids.apply(folder, Resources())
    assert tree.writes == []
