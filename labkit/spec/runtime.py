"""The OCI runtime specification's ``config.json``, as types.

The engine writes one, the runtime executes it; ``runc`` could, too. Field by field
after runtime-spec v1.1 (config.md, config-linux.md); what we never write is left out.
Keys are the specification's through ``camel_case``; the odd ones carry their own.
"""

from dataclasses import dataclass, field

from labkit.base.codec import key

OCI_VERSION = "1.1.0"

OVERLAY_LOWER = "io.labkit.overlay.lower"
"""Annotation: lower folders, top first, joined by ``:`` (absolute paths).

Where it is present the runtime mounts the overlay at ``root.path`` inside the
container's own mount namespace, so that the mount can't outlive the container and
is never seen outside. Another runtime needs the mount made beforehand.
"""
SUBPATH = "X-mount.subdir="
"""Mount option, mount(8)'s word: bind what lies at this path below the source.

The path is followed inside the source only, whatever links are on the way.
"""
OVERLAY_UPPER = "io.labkit.overlay.upper"
OVERLAY_WORK = "io.labkit.overlay.work"


@dataclass(frozen=True, slots=True)
class User:
    uid: int = 0
    gid: int = 0
    umask: int | None = None
    additional_gids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rlimit:
    type: str  # RLIMIT_NOFILE
    hard: int
    soft: int


@dataclass(frozen=True, slots=True)
class CapabilitySets:
    """Names such as ``CAP_CHOWN`` (capabilities(7))."""

    bounding: tuple[str, ...] = ()
    effective: tuple[str, ...] = ()
    inheritable: tuple[str, ...] = ()
    permitted: tuple[str, ...] = ()
    ambient: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsoleSize:
    height: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    args: tuple[str, ...]
    cwd: str = "/"
    env: tuple[str, ...] = ()
    terminal: bool = False
    console_size: ConsoleSize | None = None
    user: User = User()
    rlimits: tuple[Rlimit, ...] = ()
    capabilities: CapabilitySets | None = None
    no_new_privileges: bool = False
    oom_score_adj: int | None = None


@dataclass(frozen=True, slots=True)
class Root:
    path: str = "rootfs"
    readonly: bool = False


@dataclass(frozen=True, slots=True)
class Mount:
    """``options`` are mount(8)'s words: ``ro``, ``nosuid``, ``rbind``, ``size=64m``."""

    destination: str
    type: str = ""
    source: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Namespace:
    """``type`` is pid, network, mount, ipc, uts, user, cgroup or time.

    With a ``path`` the namespace is joined, without one it is made; a type that is
    absent is the runtime's own.
    """

    type: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class IdMapping:
    container_id: int = field(metadata=key("containerID"))
    host_id: int = field(metadata=key("hostID"))
    size: int


@dataclass(frozen=True, slots=True)
class Device:
    path: str
    type: str  # c, b, u or p
    major: int = 0
    minor: int = 0
    file_mode: int | None = None
    uid: int | None = None
    gid: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceRule:
    """A row of the device cgroup: ``access`` is a subset of ``rwm``."""

    allow: bool
    type: str | None = None  # a, c or b
    major: int | None = None  # absent: any
    minor: int | None = None
    access: str = "rwm"


@dataclass(frozen=True, slots=True)
class MemoryResources:
    """Bytes; -1 means without limit (config-linux.md, "Memory")."""

    limit: int | None = None
    reservation: int | None = None
    swap: int | None = None  # memory and swap together, as in cgroup v1
    swappiness: int | None = None
    disable_oom_killer: bool | None = field(
        default=None, metadata=key("disableOOMKiller")
    )


@dataclass(frozen=True, slots=True)
class CpuResources:
    """``quota`` and ``period`` are microseconds."""

    shares: int | None = None
    quota: int | None = None
    period: int | None = None
    realtime_runtime: int | None = None
    realtime_period: int | None = None
    cpus: str | None = None
    mems: str | None = None


@dataclass(frozen=True, slots=True)
class PidsResources:
    limit: int  # -1: without limit


@dataclass(frozen=True, slots=True)
class ThrottleDevice:
    major: int
    minor: int
    rate: int


@dataclass(frozen=True, slots=True)
class WeightDevice:
    major: int
    minor: int
    weight: int


@dataclass(frozen=True, slots=True)
class BlockIoResources:
    weight: int | None = None
    throttle_read_bps_device: tuple[ThrottleDevice, ...] = ()
    throttle_write_bps_device: tuple[ThrottleDevice, ...] = ()
    throttle_read_iops_device: tuple[ThrottleDevice, ...] = field(
        default=(), metadata=key("throttleReadIOPSDevice")
    )
    throttle_write_iops_device: tuple[ThrottleDevice, ...] = field(
        default=(), metadata=key("throttleWriteIOPSDevice")
    )
    weight_device: tuple[WeightDevice, ...] = ()


@dataclass(frozen=True, slots=True)
class Resources:
    devices: tuple[DeviceRule, ...] = ()
    memory: MemoryResources | None = None
    cpu: CpuResources | None = None
    pids: PidsResources | None = None
    block_io: BlockIoResources | None = field(default=None, metadata=key("blockIO"))
    unified: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeccompArgument:
    """``op`` is SCMP_CMP_NE, LT, LE, EQ, GE, GT or MASKED_EQ."""

    index: int
    value: int
    op: str
    value_two: int = 0


@dataclass(frozen=True, slots=True)
class SeccompRule:
    names: tuple[str, ...]
    action: str  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, ...
    errno_ret: int | None = None
    args: tuple[SeccompArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Seccomp:
    default_action: str
    default_errno_ret: int | None = None
    architectures: tuple[str, ...] = ()
    syscalls: tuple[SeccompRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Linux:
    namespaces: tuple[Namespace, ...] = ()
    uid_mappings: tuple[IdMapping, ...] = ()
    gid_mappings: tuple[IdMapping, ...] = ()
    devices: tuple[Device, ...] = ()
    cgroups_path: str | None = None
    resources: Resources | None = None
    rootfs_propagation: str | None = None
    seccomp: Seccomp | None = None
    sysctl: dict[str, str] = field(default_factory=dict)
    masked_paths: tuple[str, ...] = ()
    readonly_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """One container, whole: what a bundle's ``config.json`` says."""

    process: Process
    root: Root = Root()
    hostname: str | None = None
    domainname: str | None = None
    mounts: tuple[Mount, ...] = ()
    linux: Linux = Linux()
    annotations: dict[str, str] = field(default_factory=dict)
    oci_version: str = OCI_VERSION
