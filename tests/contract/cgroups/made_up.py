"""A cgroup tree in memory, with as much of the kernel's behaviour as managers lean on.

Making a group fills it with files; writing to one has the effects that the next read
must show (a frozen group says so, a moved process is listed elsewhere). It answers to
``labkit.cgroups.files.Folder``.
"""

from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError

V1_FILES = {
    "memory": {
        "memory.limit_in_bytes": "9223372036854771712",
        "memory.memsw.limit_in_bytes": "9223372036854771712",
        "memory.soft_limit_in_bytes": "9223372036854771712",
        "memory.swappiness": "60",
        "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n",
        "memory.usage_in_bytes": "4096",
        "memory.max_usage_in_bytes": "8192",
        "memory.failcnt": "1",
        "memory.stat": "cache 10\ntotal_inactive_file 1024\n",
    },
    "cpu": {
        "cpu.shares": "1024",
        "cpu.cfs_period_us": "100000",
        "cpu.cfs_quota_us": "-1",
        "cpu.rt_period_us": "1000000",
        "cpu.rt_runtime_us": "0",
        "cpu.stat": "nr_periods 7\nnr_throttled 2\nthrottled_time 500\n",
    },
    "cpuacct": {
        "cpuacct.usage": "3000",
        "cpuacct.usage_percpu": "1000 2000 ",
        "cpuacct.stat": "user 1\nsystem 2\n",
    },
    "cpuset": {"cpuset.cpus": "", "cpuset.mems": ""},
    "pids": {"pids.max": "max", "pids.current": "3"},
    "devices": {"devices.allow": "", "devices.deny": "", "devices.list": "a *:* rwm"},
    "freezer": {"freezer.state": "THAWED"},
    "blkio": {
        "blkio.bfq.weight": "100",
        "blkio.bfq.weight_device": "",
        "blkio.throttle.read_bps_device": "",
        "blkio.throttle.write_bps_device": "",
        "blkio.throttle.read_iops_device": "",
        "blkio.throttle.write_iops_device": "",
        "blkio.throttle.io_service_bytes": "254:0 Read 4096\nTotal 4096\n",
        "blkio.throttle.io_serviced": "254:0 Read 1\nTotal 1\n",
    },
}
V2_FILES = {
    "cgroup.controllers": "cpuset cpu io memory pids",
    "cgroup.subtree_control": "",
    "cgroup.freeze": "0",
    "cgroup.events": "populated 0\nfrozen 0\n",
    "cgroup.kill": "",
    "memory.max": "max",
    "memory.swap.max": "max",
    "memory.low": "0",
    "memory.current": "4096",
    "memory.peak": "8192",
    "memory.events": "max 1\noom_kill 0\n",
    "memory.stat": "file 10\ninactive_file 1024\n",
    "cpu.weight": "100",
    "cpu.max": "max 100000",
    "cpu.stat": "usage_usec 3\nuser_usec 1\nsystem_usec 2\nnr_periods 7\n"
    "nr_throttled 2\nthrottled_usec 5\n",
    "cpuset.cpus": "",
    "cpuset.mems": "",
    "pids.max": "max",
    "pids.current": "3",
    "io.bfq.weight": "100",
    "io.max": "",
    "io.stat": "254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n",
}
ME = 4711


@dataclass
class MadeUpTree:
    """All groups of all trees by their path; ``writes`` is the log of values."""

    groups: dict[Path, dict[str, str]] = field(default_factory=dict)
    members: dict[Path, list[int]] = field(default_factory=dict)
    programs: dict[Path, bytes] = field(default_factory=dict)
    writes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, path: Path, files: dict[str, str]) -> None:
        self.groups[path] = dict(files)
        self.members[path] = []

    def open(self, path: Path) -> "MadeUpFolder":
        return MadeUpFolder(self, path)


class MadeUpFolder:
    """One group of the tree."""

    def __init__(self, tree: MadeUpTree, path: Path) -> None:
        self._tree = tree
        self.path = path

    def create(self) -> None:
        if self.path in self._tree.groups:
            return
        parent = self._tree.groups.get(self.path.parent)
        if parent is None:
            raise NotFoundError(f"cannot create cgroup {self.path}: no parent")
        kinds = [name for name in V1_FILES if next(iter(V1_FILES[name])) in parent]
        fresh = dict(V2_FILES) if "cgroup.controllers" in parent else {}
        for kind in kinds if not fresh else []:
            fresh.update(V1_FILES[kind])
        if fresh and "cgroup.controllers" in fresh:
            fresh["cgroup.controllers"] = parent["cgroup.subtree_control"]
        self._tree.add(self.path, fresh)

    def remove(self) -> None:
        if self._tree.members.get(self.path):
            raise ConflictError(f"cannot remove cgroup {self.path}: busy")
        self._tree.groups.pop(self.path, None)
        self._tree.members.pop(self.path, None)

    def has(self, name: str) -> bool:
        return name in self._tree.groups.get(self.path, {})

    def read(self, name: str) -> str:
        files = self._files(name)
        if name in ("cgroup.procs", "tasks"):
            return "".join(f"{pid}\n" for pid in self._tree.members[self.path])
        return files[name]

    def write(self, name: str, value: str) -> None:
        files = self._files(name)
        self._tree.writes.append((name, value))
        if name in ("cgroup.procs", "tasks"):
            self._move(ME if value == "0" else int(value))
        elif name == "cgroup.freeze":
            files["cgroup.events"] = f"populated 1\nfrozen {value}\n"
        elif name == "cgroup.subtree_control":
            self._hand_down(files, value)
        elif name == "cgroup.kill":
            self._tree.members[self.path].clear()
        elif name.endswith("limit_in_bytes") and int(value) < -1:
            raise InvalidInputError(f"cannot write {value!r} to {name} of {self.path}")
        elif name == "cpu.shares":
            files[name] = str(min(max(int(value), 2), 1 << 18))
        else:
            files[name] = value

    def child(self, name: str) -> "MadeUpFolder":
        return MadeUpFolder(self._tree, self.path / name)

    def children(self) -> tuple["MadeUpFolder", ...]:
        found = (path for path in self._tree.groups if path.parent == self.path)
        return tuple(MadeUpFolder(self._tree, path) for path in sorted(found))

    def parent(self) -> "MadeUpFolder":
        return MadeUpFolder(self._tree, self.path.parent)

    def guard_devices(self, program: bytes) -> None:
        self._tree.programs[self.path] = program

    def _files(self, name: str) -> dict[str, str]:
        files = self._tree.groups.get(self.path)
        if files is None or (name not in files and name not in _EVERYWHERE):
            raise NotFoundError(f"{name} of {self.path}: no such file")
        return files

    def _move(self, pid: int) -> None:
        tree_root = self._root()
        for path, members in self._tree.members.items():
            if pid in members and path.is_relative_to(tree_root):
                members.remove(pid)
        self._tree.members[self.path].append(pid)

    def _root(self) -> Path:
        path = self.path
        while path.parent in self._tree.groups:
            path = path.parent
        return path

    def _hand_down(self, files: dict[str, str], value: str) -> None:
        if self._tree.members[self.path]:
            raise ConflictError(f"{self.path} has processes")
        names = [word.removeprefix("+") for word in value.split()]
        enabled = files["cgroup.subtree_control"].split()
        files["cgroup.subtree_control"] = " ".join([*enabled, *names])


_EVERYWHERE = ("cgroup.procs", "tasks")


def make_v1(tree: MadeUpTree, root: Path) -> None:
    """Lay out a v1 machine below ``root``."""
    for controller, files in V1_FILES.items():
        tree.add(root / controller, files)
    tree.groups[root / "cpuset"].update({"cpuset.cpus": "0-1", "cpuset.mems": "0"})


def make_v2(tree: MadeUpTree, root: Path) -> None:
    """Lay out a v2 machine below ``root``."""
    tree.add(root, V2_FILES)
