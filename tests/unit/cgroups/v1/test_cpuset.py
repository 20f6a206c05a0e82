"""The cpuset part of cgroup v1, on a made-up group."""

from pathlib import Path

from labkit.cgroups.v1 import cpuset
from labkit.spec.runtime import CpuResources, Resources
from tests.unit.cgroups.folders import v1_folder


def test_a_new_group_gets_its_parents_processors() -> None:
    folder, tree = v1_folder("cpuset")
    tree.groups[Path("/parent")].update({"cpuset.cpus": "0-3\n", "cpuset.mems": "0\n"})
    cpuset.inherit(folder)
    assert folder.read(cpuset.CPUS) == "0-3"
    assert folder.read(cpuset.MEMS) == "0"


def test_what_a_group_has_stays() -> None:
    folder, tree = v1_folder("cpuset")
    tree.groups[Path("/parent")].update({"cpuset.cpus": "0-3", "cpuset.mems": "0"})
    folder.write(cpuset.CPUS, "1")
    cpuset.inherit(folder)
    assert folder.read(cpuset.CPUS) == "1"


def test_writes_what_is_asked_for() -> None:
    folder, tree = v1_folder("cpuset")
    cpuset.apply(folder, Resources(cpu=CpuResources(cpus="0,2", mems="0")))
    cpuset.apply(folder, Resources(cpu=CpuResources(shares=2)))
    cpuset.apply(folder, Resources())
    assert tree.writes == [(cpuset.CPUS, "0,2"), (cpuset.MEMS, "0")]
