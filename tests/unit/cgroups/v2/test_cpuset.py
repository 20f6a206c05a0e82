"""The cpuset part of cgroup v2, on a made-up group."""

from labkit.cgroups.v2 import cpuset
from labkit.spec.runtime import CpuResources, Resources
from tests.unit.cgroups.folders import v2_folder


def test_writes_what_is_asked_for() -> None:
    folder, tree = v2_folder()
    cpuset.apply(folder, Resources(cpu=CpuResources(cpus="0,2", mems="0")))
    cpuset.apply(folder, Resources(cpu=CpuResources(shares=2)))
    cpuset.apply(folder, Resources())
    assert tree.writes == [(cpuset.CPUS, "0,2"), (cpuset.MEMS, "0")]
