"""What is v2's own. The rest: tests/contract/cgroups."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.cgroups.hierarchy import CgroupMount, Hierarchy, Kind
from labkit.cgroups.v2.manager import V2Manager
from labkit.spec.runtime import MemoryResources, Resources
from tests.contract.cgroups.made_up import MadeUpTree, make_v2


def _manager(
    controllers: str = "cpuset cpu io memory pids",
) -> tuple[V2Manager, MadeUpTree]:
    tree = MadeUpTree()
    make_v2(tree, Path("/cg"))
    tree.groups[Path("/cg")]["cgroup.controllers"] = controllers
    mount = CgroupMount(Path("/cg"), ())
    return V2Manager(Hierarchy(Kind.V2, (), mount), "/eng/box", tree.open), tree


def test_controllers_are_handed_down_to_the_group_but_not_beyond() -> None:
    manager, tree = _manager()
    manager.create()
    assert "memory" in tree.groups[Path("/cg")]["cgroup.subtree_control"]
    assert "memory" in tree.groups[Path("/cg/eng")]["cgroup.subtree_control"]
    assert tree.groups[Path("/cg/eng/box")]["cgroup.subtree_control"] == ""


def test_refuses_a_limit_without_its_controller() -> None:
    manager, _ = _manager("pids")
    manager.create()
    with pytest.raises(UnsupportedError, match="cannot limit memory of /eng/box"):
        manager.set(Resources(memory=MemoryResources(limit=1)))


def test_writes_files_that_are_named() -> None:
    manager, tree = _manager()
    manager.create()
    manager.set(Resources(unified={"cpu.weight": "7"}))
    assert ("cpu.weight", "7") in tree.writes


@pytest.mark.parametrize("name", ["../cpu.max", "a/b.c", ".hidden", "nodot"])
def test_refuses_names_that_are_no_control_files(name: str) -> None:
    manager, _ = _manager()
    manager.create()
    with pytest.raises(InvalidInputError, match="invalid cgroup file"):
        manager.set(Resources(unified={name: "1"}))


def test_before_5_14_all_are_frozen_and_killed() -> None:
    manager, tree = _manager()
    manager.create()
    del tree.groups[Path("/cg/eng/box")]["cgroup.kill"]
    manager.kill()
    assert ("cgroup.freeze", "1") in tree.writes
    assert tree.writes[-1] == ("cgroup.freeze", "0")


def test_needs_a_mounted_tree() -> None:
    with pytest.raises(UnsupportedError, match="no cgroup2 is mounted"):
        V2Manager(Hierarchy(Kind.V2), "/eng/box")
