"""One container's cgroup on v2: one folder with the files of all controllers."""

from collections.abc import Callable
from pathlib import Path

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.cgroups import pids
from labkit.cgroups.files import CgroupFolder, Folder, FolderOpener, remove_tree
from labkit.cgroups.hierarchy import Hierarchy
from labkit.cgroups.members import kill_members, read_members
from labkit.cgroups.model import Stats
from labkit.cgroups.system import count_online_cpus, read_system_cpu_ns
from labkit.cgroups.v2 import cpu, cpuset, devices, freezer, io, memory
from labkit.cgroups.v2.delegation import CONTROLLERS, PROCS, enable_controllers
from labkit.spec.runtime import Resources

DELETE_SECONDS = 5.0

APPLY: dict[str, Callable[[Folder, Resources], None]] = {
    "memory": memory.apply,
    "cpuset": cpuset.apply,
    "cpu": cpu.apply,
    "pids": pids.apply,
    "io": io.apply,
}


class V2Manager:
    """See ``labkit.cgroups.manager.Manager``."""

    def __init__(
        self,
        hierarchy: Hierarchy,
        path: str,
        opener: FolderOpener = CgroupFolder,
    ) -> None:
        if hierarchy.v2 is None:
            raise UnsupportedError(f"cannot open cgroup {path}: no cgroup2 is mounted")
        base = hierarchy.v2.folder_of("/")
        parts = [part for part in path.split("/") if part]
        self._path = path
        self._levels = tuple(
            opener(base.joinpath(*parts[:depth])) for depth in range(len(parts) + 1)
        )
        self._folder = self._levels[-1]

    def create(self) -> None:
        for parent, folder in zip(self._levels, self._levels[1:], strict=False):
            enable_controllers(parent)
            folder.create()

    def set(self, resources: Resources) -> None:
        devices.apply(self._folder, resources)
        available = self._controllers()
        for controller, apply in APPLY.items():
            if controller in available:
                apply(self._folder, resources)
            elif _asks_for(resources, controller):
                raise UnsupportedError(
                    f"cannot limit {controller} of {self._path}: "
                    "the controller is not handed down to this cgroup"
                )
        for name, value in resources.unified.items():
            if "/" in name or "." not in name or name.startswith("."):
                raise InvalidInputError(f"invalid cgroup file {name!r}")
            self._folder.write(name, value)

    def attach_self(self) -> None:
        self._folder.write(PROCS, "0")

    def attach(self, pid: int) -> None:
        self._folder.write(PROCS, str(pid))

    def freeze(self) -> None:
        freezer.freeze(self._folder)

    def thaw(self) -> None:
        freezer.thaw(self._folder)

    def is_frozen(self) -> bool:
        return freezer.is_frozen(self._folder)

    def processes(self) -> tuple[int, ...]:
        return read_members(self._folder)

    def children(self) -> tuple[str, ...]:
        return tuple(child.path.name for child in self._folder.children())

    def stats(self) -> Stats:
        folder, empty = self._folder, Stats()
        available = self._controllers()
        return Stats(
            memory=memory.read_stats(folder) if "memory" in available else empty.memory,
            cpu=cpu.read_stats(folder),  # cpu.stat is there without the controller
            pids=pids.read_stats(folder) if "pids" in available else empty.pids,
            block_io=io.read_stats(folder) if folder.has(io.STAT) else empty.block_io,
            system_cpu_ns=read_system_cpu_ns(),
            online_cpus=count_online_cpus(),
        )

    def oom_kills(self) -> int:
        if not self._folder.has(memory.EVENTS):
            return 0
        return memory.read_oom_kills(self._folder)

    def kill(self) -> None:
        """Send SIGKILL to all, sub-groups included."""
        if self._folder.has("cgroup.kill"):  # since Linux 5.14
            self._folder.write("cgroup.kill", "1")
            return
        # Frozen processes can't fork away, nor can a pid be used again meanwhile.
        freezer.freeze(self._folder)
        try:
            kill_members(self._folder)
        finally:
            freezer.thaw(self._folder)

    def delete(self) -> None:
        remove_tree(self._folder, DELETE_SECONDS)

    def path_of(self, controller: str) -> Path | None:
        return self._folder.path

    def _controllers(self) -> tuple[str, ...]:
        return tuple(self._folder.read(CONTROLLERS).split())


def _asks_for(resources: Resources, controller: str) -> bool:
    return {
        "memory": resources.memory is not None,
        "cpu": resources.cpu is not None,
        "cpuset": resources.cpu is not None and bool(resources.cpu.cpus),
        "pids": resources.pids is not None and resources.pids.limit > 0,
        "io": resources.block_io is not None,
    }[controller]
