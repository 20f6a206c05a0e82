"""Which manager a machine gets. What managers do: tests/contract/cgroups."""

from pathlib import Path

from labkit.cgroups.hierarchy import CgroupMount, Hierarchy, Kind
from labkit.cgroups.manager import open_manager
from labkit.cgroups.none import NoManager
from labkit.cgroups.v1.manager import V1Manager
from labkit.cgroups.v2.manager import V2Manager

_V1 = (CgroupMount(Path("/cg/memory"), ("memory",)),)
_V2 = CgroupMount(Path("/cg/unified"), ())


def test_each_kind_has_its_manager() -> None:
    assert isinstance(open_manager(Hierarchy(Kind.V1, _V1), "/a"), V1Manager)
    assert isinstance(open_manager(Hierarchy(Kind.V2, (), _V2), "/a"), V2Manager)
    assert isinstance(open_manager(Hierarchy(Kind.NONE), "/a"), NoManager)


def test_in_the_hybrid_arrangement_v1_has_the_controllers() -> None:
    manager = open_manager(Hierarchy(Kind.HYBRID, _V1, _V2), "/a")
    assert isinstance(manager, V1Manager)
