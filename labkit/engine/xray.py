"""What stands behind a container: the flags that asked, beside what the kernel made.

Nothing here is remembered: namespaces, cgroup files, mounts and capabilities are read
from /proc and /sys as they are now, so that the picture can't flatter.
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from labkit.engine.engine import Engine
from labkit.engine.model import Container, HostConfig
from labkit.engine.overlays import overlay_dirs
from labkit.kernel.capabilities import from_mask
from labkit.kernel.mountinfo import MountEntry, read_mountinfo
from labkit.network.facts import NetworkFacts
from labkit.snapshots.model import OverlayDirs

# file in /proc/PID/ns, what it separates, and the flag that decides
NAMESPACES = (
    ("mnt", "mounts", ""),
    ("pid", "process numbers", "--pid"),
    ("net", "network", "--network"),
    ("ipc", "shared memory and queues", "--ipc"),
    ("uts", "host name", "--uts"),
    ("cgroup", "view of the cgroups", "--cgroupns"),
    ("user", "user numbers", "--userns"),
)
CGROUP_FILES = {
    "memory": (
        ("memory.limit_in_bytes", "--memory"),
        ("memory.memsw.limit_in_bytes", "--memory-swap"),
        ("memory.usage_in_bytes", ""),
        ("memory.max", "--memory"),
        ("memory.swap.max", "--memory-swap"),
        ("memory.current", ""),
    ),
    "cpu": (
        ("cpu.cfs_quota_us", "--cpus"),
        ("cpu.cfs_period_us", "--cpus"),
        ("cpu.shares", "--cpu-shares"),
        ("cpu.max", "--cpus"),
        ("cpu.weight", "--cpu-shares"),
    ),
    "cpuset": (("cpuset.cpus", "--cpuset-cpus"),),
    "pids": (("pids.max", "--pids-limit"), ("pids.current", "")),
}


@dataclass(frozen=True, slots=True)
class NamespaceFacts:
    """``inode`` names the namespace; ``whose`` is own, the host's or another's."""

    type: str
    separates: str
    inode: str
    whose: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class CgroupFile:
    """One control file and its value; ``flag`` is what sets it."""

    file: str
    value: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    name: str
    id: str
    image: str
    status: str
    pid: int
    command: str
    bundle: str


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """The folders of the overlay, topmost first; ``upper`` takes what is written."""

    upper: str
    lower: tuple[str, ...]
    work: str


@dataclass(frozen=True, slots=True)
class MountFacts:
    at: str
    type: str
    source: str
    options: str


@dataclass(frozen=True, slots=True)
class SecurityFacts:
    """After /proc/PID/status; ``seccomp`` says how many filters check each call."""

    capabilities: tuple[str, ...]
    bounding: tuple[str, ...]
    seccomp: str
    no_new_privileges: bool
    privileged: bool
    masked_paths: tuple[str, ...]
    readonly_paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A container's place in one network, and who else is there."""

    network: str
    driver: str
    interface: str
    address: str
    gateway: str
    mac: str
    names: tuple[str, ...]
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class XRay:
    """Everything at once; a container that does not run has little to show."""

    container: Identity
    namespaces: tuple[NamespaceFacts, ...] = ()
    cgroup: tuple[CgroupFile, ...] = ()
    layers: LayerFacts | None = None
    mounts: tuple[MountFacts, ...] = ()
    security: SecurityFacts | None = None
    networks: tuple[PlaceFacts, ...] = ()
    network: NetworkFacts | None = None
    ports: tuple[str, ...] = ()
    processes: tuple[int, ...] = field(default=())


async def xray(engine: Engine, ref: str) -> XRay:
    """Look through a container."""
    container = engine.store.find_container(ref)
    layers = _layers(await overlay_dirs(engine, container))
    identity = _identity(engine, container)
    if not container.pid:
        return XRay(identity, layers=layers)
    pid = container.pid
    return XRay(
        container=identity,
        namespaces=await asyncio.to_thread(_namespaces, engine, container),
        cgroup=await asyncio.to_thread(read_cgroup, pid),
        layers=layers,
        mounts=await asyncio.to_thread(_mounts, pid),
        security=await asyncio.to_thread(_security, container.host_config, pid),
        networks=_places(engine, container),
        network=await engine.network.facts(container.id, pid),
        ports=tuple(
            f"{item.host_ip or '0.0.0.0'}:{item.host_port} -> "
            f"{item.container_port}/{item.protocol}"
            for item in container.published
        ),
        processes=await engine.runtime.processes(container.id),
    )


def _identity(engine: Engine, container: Container) -> Identity:
    return Identity(
        name=container.name,
        id=container.id,
        image=container.config.image,
        status=container.status.value,
        pid=container.pid,
        command=" ".join((container.path, *container.args)),
        bundle=str(engine.container_folder(container.id) / "config.json"),
    )


def _namespaces(engine: Engine, container: Container) -> tuple[NamespaceFacts, ...]:
    host = container.host_config
    modes = {
        "--pid": host.pid_mode,
        "--network": host.network_mode,
        "--ipc": host.ipc_mode,
        "--uts": host.uts_mode,
        "--cgroupns": host.cgroupns_mode,
        "--userns": host.userns_mode,
    }
    others = [
        item
        for item in engine.store.containers()
        if item.pid and item.id != container.id
    ]
    found = []
    for name, separates, flag in NAMESPACES:
        inode = _namespace_inode(container.pid, name)
        sharers = [o.name for o in others if _namespace_inode(o.pid, name) == inode]
        whose = f"shared with {', '.join(sharers)}" if sharers else "its own"
        if inode == _namespace_inode(0, name):
            whose = "the host's"
        asked = f"{flag}={modes[flag]}" if flag and modes[flag] else flag
        found.append(NamespaceFacts(name, separates, inode, whose, asked))
    return tuple(found)


def _namespace_inode(pid: int, name: str) -> str:
    """Return ``net:[4026531840]``; pid 0 means ourselves (namespaces(7))."""
    try:
        return str(Path(f"/proc/{pid or 'self'}/ns/{name}").readlink())
    except OSError:
        return ""  # it has just ended, or the kernel lacks this kind


def read_cgroup(pid: int) -> tuple[CgroupFile, ...]:
    """Read the control files of a process's groups, of whichever version there is."""
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except OSError:
        return ()
    mounts = read_mountinfo()
    found = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        folder = _cgroup_folder(mounts, controllers, path)
        if folder is None:
            continue
        wanted = controllers.split(",") if controllers else list(CGROUP_FILES)
        for controller in wanted:
            found += _control_files(folder, controller)
    return tuple(found)


def _cgroup_folder(
    mounts: tuple[MountEntry, ...], controllers: str, path: str
) -> Path | None:
    names = set(controllers.split(",")) if controllers else set()
    for entry in mounts:
        right = (
            names <= set(entry.super_options)
            if controllers
            else entry.type == "cgroup2"
        )
        if entry.type not in ("cgroup", "cgroup2") or not right:
            continue
        inside = path.removeprefix(entry.root) if entry.root != "/" else path
        return Path(entry.mount_point) / inside.lstrip("/")
    return None


def _control_files(folder: Path, controller: str) -> list[CgroupFile]:
    found = []
    for name, flag in CGROUP_FILES.get(controller, ()):
        path = folder / name
        try:
            found.append(CgroupFile(str(path), path.read_text().strip(), flag))
        except OSError:
            continue  # the other version's name, or a controller that is off
    return found


def _layers(dirs: OverlayDirs) -> LayerFacts:
    lower = tuple(str(layer) for layer in dirs.lower)
    return LayerFacts(str(dirs.upper), lower, str(dirs.work))


def _mounts(pid: int) -> tuple[MountFacts, ...]:
    try:
        entries = read_mountinfo(Path(f"/proc/{pid}/mountinfo"))
    except OSError:
        return ()
    return tuple(
        MountFacts(
            entry.mount_point,
            entry.type,
            # A bind mount's source is a folder of the mounted filesystem.
            entry.source if entry.root == "/" else f"{entry.source}:{entry.root}",
            ",".join(entry.options),
        )
        for entry in entries
    )


def _security(host: HostConfig, pid: int) -> SecurityFacts | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    status = {
        name: value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    filtered = status.get("Seccomp") == "2"
    count = status.get("Seccomp_filters", "1")
    return SecurityFacts(
        capabilities=from_mask(int(status["CapEff"], 16)),
        bounding=from_mask(int(status["CapBnd"], 16)),
        seccomp=f"filtered by {count}" if filtered else "not filtered",
        no_new_privileges=status.get("NoNewPrivs") == "1",
        privileged=host.privileged,
        masked_paths=host.masked_paths or (),
        readonly_paths=host.readonly_paths or (),
    )


def _places(engine: Engine, container: Container) -> tuple[PlaceFacts, ...]:
    found = []
    for attachment in container.attachments:
        record = engine.store.network(attachment.network_id)
        endpoint = attachment.endpoint
        if record is None or endpoint is None:
            continue
        member = engine.members.get(record.network.id, container.id)
        named = member is not None and not record.network.is_default
        found.append(
            PlaceFacts(
                network=record.network.name,
                driver=record.network.driver,
                interface=attachment.interface,
                address=f"{endpoint.ipv4}/{endpoint.ipv4_prefix}"
                if endpoint.ipv4
                else "",
                gateway=endpoint.gateway,
                mac=endpoint.mac_address,
                names=member.names if member and named else (),
                neighbours=tuple(
                    f"{other.name} {other.endpoint.ipv4}".strip()
                    for other in engine.members.of(record.network.id)
                    if other.container_id != container.id
                ),
            )
        )
    return tuple(found)
