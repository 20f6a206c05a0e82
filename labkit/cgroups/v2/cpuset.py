"""v2 cpuset: which processors and memory nodes; empty means the parent's."""

from labkit.cgroups.files import Folder
from labkit.spec.runtime import Resources

CPUS = "cpuset.cpus"
MEMS = "cpuset.mems"


def apply(folder: Folder, resources: Resources) -> None:
    cpu = resources.cpu
    if cpu is None:
        return
    if cpu.cpus:
        folder.write(CPUS, cpu.cpus)
    if cpu.mems:
        folder.write(MEMS, cpu.mems)
