"""The engine's records: containers, execs, networks, volumes.

They are values: a verb reads one, makes the next with ``replace()`` and saves it.
Names are Docker's in Python's spelling; only ``labkit/api`` knows how they look in
JSON. Times are nanoseconds since 1970, 0 for "never"; sizes are bytes.
"""

import enum
from dataclasses import dataclass, field

from labkit.base.digest import Digest
from labkit.network.model import Endpoint, Network, PortBinding
from labkit.spec.image import Healthcheck


class Status(enum.Enum):
    """Where a container is in its life; Docker's own words (``State.Status``)."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    REMOVING = "removing"
    EXITED = "exited"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class ContainerConfig:
    """What is independent of the host: Docker's ``Config``.

    As the client sent it until ``create`` has merged the image's defaults in. ``None``
    for ``cmd`` and ``entrypoint`` means "not said", an empty tuple "none, please".
    """

    image: str = ""
    hostname: str = ""
    domainname: str = ""
    user: str = ""
    attach_stdin: bool = False
    attach_stdout: bool = False
    attach_stderr: bool = False
    exposed_ports: tuple[str, ...] = ()  # 80/tcp
    tty: bool = False
    open_stdin: bool = False
    stdin_once: bool = False
    env: tuple[str, ...] = ()
    cmd: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    healthcheck: Healthcheck | None = None
    volumes: tuple[str, ...] = ()
    working_dir: str = ""
    network_disabled: bool = False
    mac_address: str = ""
    on_build: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    stop_signal: str = ""
    stop_timeout: int | None = None
    shell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """``name`` is no, always, unless-stopped or on-failure."""

    name: str = "no"
    maximum_retry_count: int = 0


@dataclass(frozen=True, slots=True)
class LogConfig:
    """``type`` is json-file, local or none; options such as ``max-size``."""

    type: str = "json-file"
    config: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MountRequest:
    """One ``--mount``: ``type`` is bind, volume or tmpfs."""

    type: str
    target: str
    source: str = ""
    read_only: bool = False
    consistency: str = ""
    propagation: str = ""  # bind
    create_mountpoint: bool = False  # bind
    non_recursive: bool = False  # bind
    read_only_non_recursive: bool = False  # bind
    read_only_force_recursive: bool = False  # bind
    no_copy: bool = False  # volume
    labels: dict[str, str] = field(default_factory=dict)  # volume
    driver: str = ""  # volume
    driver_options: dict[str, str] = field(default_factory=dict)  # volume
    subpath: str = ""  # volume
    tmpfs_size: int = 0  # tmpfs
    tmpfs_mode: int = 0  # tmpfs
    tmpfs_options: tuple[tuple[str, ...], ...] = ()  # tmpfs: (name,) or (name, value)


@dataclass(frozen=True, slots=True)
class DeviceMapping:
    path_on_host: str
    path_in_container: str
    cgroup_permissions: str = "rwm"


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """``--gpus``: devices by what they can do, which a vendor's driver knows."""

    driver: str = ""
    count: int = 0
    device_ids: tuple[str, ...] = ()
    capabilities: tuple[tuple[str, ...], ...] = ()
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ulimit:
    name: str
    soft: int
    hard: int


@dataclass(frozen=True, slots=True)
class WeightDevice:
    path: str
    weight: int


@dataclass(frozen=True, slots=True)
class ThrottleRule:
    path: str
    rate: int


@dataclass(frozen=True, slots=True)
class ResourceLimits:
    """The part of ``HostConfig`` that ``docker update`` may change."""

    cpu_shares: int = 0
    memory: int = 0
    nano_cpus: int = 0
    cgroup_parent: str = ""
    blkio_weight: int = 0
    blkio_weight_device: tuple[WeightDevice, ...] = ()
    blkio_device_read_bps: tuple[ThrottleRule, ...] = ()
    blkio_device_write_bps: tuple[ThrottleRule, ...] = ()
    blkio_device_read_iops: tuple[ThrottleRule, ...] = ()
    blkio_device_write_iops: tuple[ThrottleRule, ...] = ()
    cpu_period: int = 0
    cpu_quota: int = 0
    cpu_realtime_period: int = 0
    cpu_realtime_runtime: int = 0
    cpuset_cpus: str = ""
    cpuset_mems: str = ""
    devices: tuple[DeviceMapping, ...] = ()
    device_cgroup_rules: tuple[str, ...] = ()
    device_requests: tuple[DeviceRequest, ...] = ()
    memory_reservation: int = 0
    memory_swap: int = 0
    memory_swappiness: int | None = None
    oom_kill_disable: bool = False
    pids_limit: int | None = None
    ulimits: tuple[Ulimit, ...] = ()


@dataclass(frozen=True, slots=True)
class HostConfig:
    """What ties a container to this host: Docker's ``HostConfig``."""

    binds: tuple[str, ...] = ()
    container_id_file: str = ""
    log_config: LogConfig = LogConfig()
    network_mode: str = "default"
    port_bindings: tuple[PortBinding, ...] = ()
    restart_policy: RestartPolicy = RestartPolicy()
    auto_remove: bool = False
    volume_driver: str = ""
    volumes_from: tuple[str, ...] = ()
    console_size: tuple[int, ...] = (0, 0)  # height, width
    annotations: dict[str, str] = field(default_factory=dict)
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    cgroupns_mode: str = ""
    dns: tuple[str, ...] = ()
    dns_options: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    extra_hosts: tuple[str, ...] = ()
    group_add: tuple[str, ...] = ()
    ipc_mode: str = ""
    links: tuple[str, ...] = ()
    oom_score_adj: int = 0
    pid_mode: str = ""
    privileged: bool = False
    publish_all_ports: bool = False
    readonly_rootfs: bool = False
    security_opt: tuple[str, ...] = ()
    storage_opt: dict[str, str] = field(default_factory=dict)
    tmpfs: dict[str, str] = field(default_factory=dict)
    uts_mode: str = ""
    userns_mode: str = ""
    shm_size: int = 0
    sysctls: dict[str, str] = field(default_factory=dict)
    runtime: str = ""
    isolation: str = ""
    mounts: tuple[MountRequest, ...] = ()
    masked_paths: tuple[str, ...] | None = None
    readonly_paths: tuple[str, ...] | None = None
    init: bool | None = None
    resources: ResourceLimits = ResourceLimits()


@dataclass(frozen=True, slots=True)
class EndpointRequest:
    """What a client wants of one network: ``--network-alias``, ``--ip`` and so on."""

    aliases: tuple[str, ...] = ()
    ipv4: str = ""
    ipv6: str = ""
    link_local_ips: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    mac_address: str = ""
    driver_options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A container in a network: what was asked, and, while it runs, what it got."""

    network_id: str
    network_name: str
    request: EndpointRequest = EndpointRequest()
    endpoint: Endpoint | None = None
    interface: str = ""


@dataclass(frozen=True, slots=True)
class MountPoint:
    """A mount as ``docker inspect`` lists it; ``name`` is a volume's."""

    type: str
    destination: str
    source: str = ""
    name: str = ""
    driver: str = ""
    mode: str = ""
    writable: bool = True
    propagation: str = ""


@dataclass(frozen=True, slots=True)
class HealthProbe:
    """One run of a health check."""

    started_at: int
    finished_at: int
    exit_code: int
    output: str


@dataclass(frozen=True, slots=True)
class Health:
    """``status`` is starting, healthy or unhealthy."""

    status: str
    failing_streak: int = 0
    log: tuple[HealthProbe, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """One container, whole. ``name`` has no slash in front."""

    id: str
    name: str
    created_at: int
    image_id: str  # sha256:...
    config: ContainerConfig
    host_config: HostConfig
    path: str  # the program: entrypoint and command put together
    args: tuple[str, ...]
    attachments: tuple[Attachment, ...] = ()
    mounts: tuple[MountPoint, ...] = ()
    published: tuple[PortBinding, ...] = ()  # while it runs, random ports filled in
    status: Status = Status.CREATED
    pid: int = 0
    exit_code: int = 0
    error: str = ""
    oom_killed: bool = False
    started_at: int = 0
    finished_at: int = 0
    restart_count: int = 0
    stopped_by_user: bool = False
    health: Health | None = None
    platform: str = "linux"
    layers: tuple[Digest, ...] = ()  # chain ids, lowest first: the image may go


@dataclass(frozen=True, slots=True)
class ExecConfig:
    """What ``docker exec`` asks for."""

    cmd: tuple[str, ...]
    attach_stdin: bool = False
    attach_stdout: bool = False
    attach_stderr: bool = False
    tty: bool = False
    detach: bool = False
    detach_keys: str = ""
    env: tuple[str, ...] = ()
    user: str = ""
    privileged: bool = False
    working_dir: str = ""


@dataclass(frozen=True, slots=True)
class Exec:
    """A further process in a container; kept in memory only, as dockerd does."""

    id: str
    container_id: str
    config: ExecConfig
    running: bool = False
    exit_code: int | None = None
    pid: int = 0


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """A network as the engine keeps it: the kernel's side and Docker's additions."""

    network: Network
    created_at: int
    labels: dict[str, str] = field(default_factory=dict)
    attachable: bool = False
    chosen_subnet: bool = False  # --subnet: only then may a container choose an address
    ipam_driver: str = "default"
    ipam_options: dict[str, str] | None = None  # None: nothing said; inspect tells
    config_only: bool = False  # settings for others: no bridge, no containers
    config_from: str = ""  # the name of the network whose settings these are


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume of the ``local`` driver; ``anonymous`` ones go with ``rm -v``."""

    name: str
    created_at: int
    mountpoint: str
    labels: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: ``type`` container, ``action`` start, and whom."""

    type: str
    action: str
    actor_id: str
    attributes: dict[str, str]
    time_ns: int
