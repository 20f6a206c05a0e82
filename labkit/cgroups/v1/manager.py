"""One container's cgroups on v1: a folder in each controller's tree."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import UnsupportedError
from labkit.cgroups import pids
from labkit.cgroups.files import CgroupFolder, Folder, FolderOpener, remove_tree
from labkit.cgroups.hierarchy import CgroupMount, Hierarchy
from labkit.cgroups.members import kill_members, kill_until_empty, read_members
from labkit.cgroups.model import CpuStats, Stats
from labkit.cgroups.system import count_online_cpus, read_system_cpu_ns
from labkit.cgroups.v1 import (
    blkio,
    cpu,
    cpuacct,
    cpuset,
    devices,
    freezer,
    memory,
)
from labkit.spec.runtime import Resources

DELETE_SECONDS = 5.0
KILL_SECONDS = 5.0

# Devices before all else: what comes later must not widen what a process may open.
APPLY: dict[str, Callable[[Folder, Resources], None]] = {
    "devices": devices.apply,
    "memory": memory.apply,
    "cpuset": cpuset.apply,
    "cpu": cpu.apply,
    "pids": pids.apply,
    "blkio": blkio.apply,
}
CONTROLLERS = (*APPLY, "cpuacct", "freezer")


@dataclass(frozen=True, slots=True)
class _Tree:
    """One mounted tree with our group in it; ``levels`` lead to it from the base."""

    controllers: tuple[str, ...]
    folder: Folder
    levels: tuple[Folder, ...]


class V1Manager:
    """See ``labkit.cgroups.manager.Manager``."""

    def __init__(
        self,
        hierarchy: Hierarchy,
        path: str,
        opener: FolderOpener = CgroupFolder,
    ) -> None:
        self._path = path
        self._trees = tuple(
            _open_tree(mount, path, opener)
            for mount in hierarchy.v1
            if set(mount.controllers) & set(CONTROLLERS)
        )

    def create(self) -> None:
        for tree in self._trees:
            for folder in tree.levels:
                folder.create()
                if "cpuset" in tree.controllers:
                    cpuset.inherit(folder)

    def set(self, resources: Resources) -> None:
        for controller, apply in APPLY.items():
            folder = self._folder(controller)
            if folder is not None:
                apply(folder, resources)
            elif _asks_for(resources, controller):
                raise UnsupportedError(
                    f"cannot limit {controller} of {self._path}: "
                    "the machine has no such cgroup controller"
                )

    def attach_self(self) -> None:
        # "0" is the writer. ``tasks`` moves one thread without the lock over all
        # thread groups that cgroup.procs takes, whose wait for a grace period costs
        # 8-18 ms on an idle machine. Only right for a process with one thread.
        for tree in self._trees:
            tree.folder.write("tasks", "0")

    def attach(self, pid: int) -> None:
        for tree in self._trees:
            tree.folder.write("cgroup.procs", str(pid))

    def freeze(self) -> None:
        freezer.freeze(self._need("freezer", "freeze"))

    def thaw(self) -> None:
        freezer.thaw(self._need("freezer", "thaw"))

    def is_frozen(self) -> bool:
        folder = self._folder("freezer")
        return folder is not None and freezer.is_frozen(folder)

    def processes(self) -> tuple[int, ...]:
        return read_members(self._main())

    def children(self) -> tuple[str, ...]:
        # A crash may have removed a group from some of the trees only.
        folders = (tree.folder.children() for tree in self._trees)
        return tuple(sorted({child.path.name for row in folders for child in row}))

    def stats(self) -> Stats:
        read = self._folder
        memory_folder, pids_folder = read("memory"), read("pids")
        block_folder = read("blkio")
        empty = Stats()
        return Stats(
            memory=memory.read_stats(memory_folder) if memory_folder else empty.memory,
            cpu=self._cpu_stats(),
            pids=pids.read_stats(pids_folder) if pids_folder else empty.pids,
            block_io=blkio.read_stats(block_folder) if block_folder else empty.block_io,
            system_cpu_ns=read_system_cpu_ns(),
            online_cpus=count_online_cpus(),
        )

    def oom_kills(self) -> int:
        folder = self._folder("memory")
        return memory.read_oom_kills(folder) if folder else 0

    def kill(self) -> None:
        """Send SIGKILL to all until none is left.

        Frozen processes can't fork away from it, nor can a pid be used again between
        reading and sending; the signal takes effect on thawing.
        """
        folder = self._folder("freezer")
        if folder is None:
            kill_until_empty(self._main(), KILL_SECONDS)
            return
        freezer.freeze(folder)
        try:
            kill_members(folder)
        finally:
            freezer.thaw(folder)

    def delete(self) -> None:
        for tree in self._trees:
            remove_tree(tree.folder, DELETE_SECONDS)

    def path_of(self, controller: str) -> Path | None:
        folder = self._folder(controller)
        return folder.path if folder else None

    def _cpu_stats(self) -> CpuStats:
        cpu_folder, account = self._folder("cpu"), self._folder("cpuacct")
        stats = cpu.read_throttling(cpu_folder) if cpu_folder else CpuStats()
        return cpuacct.read_times(account, stats) if account else stats

    def _folder(self, controller: str) -> Folder | None:
        for tree in self._trees:
            if controller in tree.controllers:
                return tree.folder
        return None

    def _need(self, controller: str, verb: str) -> Folder:
        folder = self._folder(controller)
        if folder is None:
            raise UnsupportedError(
                f"cannot {verb} {self._path}: the machine has no cgroup "
                f"controller {controller!r}"
            )
        return folder

    def _main(self) -> Folder:
        """Return the folder to ask who is there: each has the same processes."""
        for controller in ("freezer", "pids", "devices"):
            folder = self._folder(controller)
            if folder is not None:
                return folder
        return self._trees[0].folder


def _open_tree(mount: CgroupMount, path: str, opener: FolderOpener) -> _Tree:
    base = mount.folder_of("/")
    parts = [part for part in path.split("/") if part]
    levels = []
    for part in parts:
        base = base / part
        levels.append(opener(base))
    return _Tree(mount.controllers, levels[-1], tuple(levels))


def _asks_for(resources: Resources, controller: str) -> bool:
    return {
        "devices": False,  # without the controller, making nodes is what is guarded
        "memory": resources.memory is not None,
        "cpu": resources.cpu is not None,
        "cpuset": resources.cpu is not None and bool(resources.cpu.cpus),
        "pids": resources.pids is not None and resources.pids.limit > 0,
        "blkio": resources.block_io is not None,
    }[controller]
