"""The delegation part of cgroup v2, on a made-up group."""

from pathlib import Path

from labkit.cgroups.v2.delegation import LEAF, SUBTREE_CONTROL, enable_controllers
from tests.unit.cgroups.folders import v2_folder


def test_hands_down_what_is_there_and_wanted() -> None:
    folder, tree = v2_folder()
    tree.groups[folder.path]["cgroup.controllers"] = "cpu memory rdma"
    enable_controllers(folder)
    assert tree.writes == [(SUBTREE_CONTROL, "+cpu +memory")]


def test_what_is_handed_down_already_is_left_alone() -> None:
    folder, tree = v2_folder()
    enable_controllers(folder)
    tree.writes.clear()
    enable_controllers(folder)
    assert tree.writes == []


def test_processes_move_to_a_leaf_first() -> None:
    folder, tree = v2_folder()
    tree.members[folder.path].extend([5, 6])
    enable_controllers(folder)
    leaf = Path(folder.path, LEAF)
    assert tree.members[leaf] == [5, 6]
    assert tree.members[folder.path] == []
    assert "memory" in tree.groups[folder.path][SUBTREE_CONTROL]
