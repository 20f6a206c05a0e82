"""v1 cpuset: which processors and memory nodes.

A new group has neither, and attaching a process to it fails with ENOSPC: both must be
copied down from the parent first, level by level (cpuset(7)).
"""

from labkit.cgroups.files import Folder
from labkit.spec.runtime import Resources

CPUS = "cpuset.cpus"
MEMS = "cpuset.mems"


def inherit(folder: Folder) -> None:
    """Give a group what its parent has, unless it has something already."""
    parent = folder.parent()
    for name in (CPUS, MEMS):
        if not folder.read(name).strip():
            folder.write(name, parent.read(name).strip())


def apply(folder: Folder, resources: Resources) -> None:
    cpu = resources.cpu
    if cpu is None:
        return
    if cpu.cpus:
        folder.write(CPUS, cpu.cpus)
    if cpu.mems:
        folder.write(MEMS, cpu.mems)
