"""What is v1's own. The rest: tests/contract/cgroups."""

from pathlib import Path

import pytest

from labkit.base.errors import UnsupportedError
from labkit.cgroups.hierarchy import CgroupMount, Hierarchy, Kind
from labkit.cgroups.v1.manager import V1Manager
from labkit.spec.runtime import CpuResources, PidsResources, Resources
from tests.contract.cgroups.made_up import V1_FILES, MadeUpTree


def _manager(*trees: tuple[str, ...]) -> tuple[V1Manager, MadeUpTree]:
    made_up = MadeUpTree()
    for controllers in trees:
        files = {k: v for name in controllers for k, v in V1_FILES[name].items()}
        made_up.add(Path("/cg", ",".join(controllers)), files)
    mounts = tuple(CgroupMount(Path("/cg", ",".join(c)), c) for c in trees)
    # Nobody may write in /cg, so that our own place (its root) is used.
    manager = V1Manager(Hierarchy(Kind.V1, mounts), "/eng/box", made_up.open)
    return manager, made_up


def test_controllers_in_one_tree_share_a_folder() -> None:
    manager, tree = _manager(("cpu", "cpuacct"), ("memory",))
    manager.create()
    manager.attach_self()
    assert manager.path_of("cpu") == manager.path_of("cpuacct")
    assert tree.writes == [("tasks", "0"), ("tasks", "0")]


def test_refuses_a_limit_without_its_controller() -> None:
    manager, _ = _manager(("memory",))
    manager.create()
    with pytest.raises(UnsupportedError, match="cannot limit pids of /eng/box"):
        manager.set(Resources(pids=PidsResources(5)))
    with pytest.raises(UnsupportedError, match="cannot limit cpu of /eng/box"):
        manager.set(Resources(cpu=CpuResources(shares=5)))
    manager.set(Resources(pids=PidsResources(-1)))


def test_refuses_to_freeze_without_the_freezer() -> None:
    manager, _ = _manager(("memory",))
    manager.create()
    assert not manager.is_frozen()
    with pytest.raises(UnsupportedError, match="no cgroup controller 'freezer'"):
        manager.freeze()


def test_without_the_freezer_killing_repeats_until_all_are_gone() -> None:
    manager, _ = _manager(("memory",))
    manager.create()
    manager.kill()
    assert manager.processes() == ()


def test_absent_controllers_count_nothing() -> None:
    manager, _ = _manager(("pids",))
    manager.create()
    stats = manager.stats()
    assert stats.pids.current == 3
    assert stats.memory.usage == 0
    assert manager.oom_kills() == 0
    assert manager.path_of("memory") is None


def test_parents_get_processors_before_their_children() -> None:
    manager, tree = _manager(("cpuset",))
    tree.groups[Path("/cg/cpuset")].update({"cpuset.cpus": "0", "cpuset.mems": "0"})
    manager.create()
    folder = manager.path_of("cpuset")
    assert folder is not None
    assert tree.groups[folder]["cpuset.cpus"] == "0"
    assert tree.groups[folder.parent]["cpuset.cpus"] == "0"
