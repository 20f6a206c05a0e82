"""What a check may ask of the world, and what the world may answer.

A probe is a value: two checks that ask the same thing share one answer. An answer is
one of three:

    a record of this module   the world said so
    ``None``                  the world said: there is no such thing
    ``Unavailable``           nobody answered (engine down, hung, killed, too slow)

The third is never taken for the second: an outage is not a zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from labkit.base.errors import LabError


@dataclass(frozen=True, slots=True)
class ContainerProbe:
    """Inspect a container."""

    name: str


@dataclass(frozen=True, slots=True)
class NetworkProbe:
    """Inspect a network."""

    name: str


@dataclass(frozen=True, slots=True)
class VolumeProbe:
    """Inspect a volume."""

    name: str


@dataclass(frozen=True, slots=True)
class ImageProbe:
    """Inspect an image."""

    name: str


@dataclass(frozen=True, slots=True)
class LogsProbe:
    """Read what a container printed."""

    container: str


@dataclass(frozen=True, slots=True)
class FileProbe:
    """Read a file of a container."""

    container: str
    path: str


@dataclass(frozen=True, slots=True)
class StoredFileProbe:
    """Read a file of a volume or an image."""

    kind: Literal["volume", "image"]
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class ImageTextProbe:
    """Look for a text in all layers of an image, and in its settings."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class CommandProbe:
    """Run a program in a container of the learner's."""

    container: str
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResolveProbe:
    """Look a name up from inside a container."""

    container: str
    name: str


@dataclass(frozen=True, slots=True)
class ConnectProbe:
    """Open a TCP connection from inside a container.

    ``within_seconds`` is how long to go on trying: a server may still be starting.
    """

    container: str
    host: str
    port: int
    within_seconds: float = 0


@dataclass(frozen=True, slots=True)
class FetchProbe:
    """Ask a page of a server from inside a container."""

    container: str
    url: str
    within_seconds: float = 0


@dataclass(frozen=True, slots=True)
class PageProbe:
    """Ask a page through a published port, from the machine itself.

    Without ``host`` it is the machine on which the engine publishes.
    """

    port: int
    path: str = "/"
    host: str = ""
    login: tuple[str, str] | None = None
    within_seconds: float = 0


@dataclass(frozen=True, slots=True)
class RegistryProbe:
    """Ask a registry for a tag, through a published port as the machine sees it.

    With ``tls`` by HTTPS, whoever signed the certificate: what counts is that it is
    spoken.
    """

    port: int
    repository: str
    tag: str
    tls: bool = False
    login: tuple[str, str] | None = None
    within_seconds: float = 0


@dataclass(frozen=True, slots=True)
class KernelProbe:
    """Read what the kernel itself says of a container's first process."""

    container: str


InsideProbe = ResolveProbe | ConnectProbe | FetchProbe
Probe = (
    ContainerProbe
    | NetworkProbe
    | VolumeProbe
    | ImageProbe
    | LogsProbe
    | FileProbe
    | StoredFileProbe
    | ImageTextProbe
    | CommandProbe
    | InsideProbe
    | PageProbe
    | RegistryProbe
    | KernelProbe
)


@dataclass(frozen=True, slots=True)
class PortBinding:
    """One published port: ``127.0.0.1:8081:80/tcp``."""

    host_ip: str
    host_port: int
    container_port: int
    protocol: str

    def __str__(self) -> str:
        ip = self.host_ip or "0.0.0.0"
        return f"{ip}:{self.host_port}:{self.container_port}/{self.protocol}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A container's place in a network."""

    network: str
    ip: str
    aliases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Container:
    """What inspect says of a container, as far as checks read it."""

    id: str
    name: str
    image: str
    status: str
    exit_code: int
    health: str | None
    argv: tuple[str, ...]
    user: str
    hostname: str
    stop_signal: str
    env: Mapping[str, str]
    labels: Mapping[str, str]
    mounts: Mapping[str, str]
    read_only_mounts: frozenset[str]
    ports: tuple[PortBinding, ...]
    network_mode: str
    attachments: Mapping[str, Attachment]
    restart: str
    memory_bytes: int
    nano_cpus: int
    pids_limit: int
    read_only: bool
    privileged: bool
    log_driver: str
    log_options: Mapping[str, str]
    pid_mode: str = ""
    health_test: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """What inspect says of a network."""

    id: str
    name: str
    driver: str
    internal: bool
    attachable: bool
    subnets: tuple[str, ...]
    gateways: tuple[str, ...]
    labels: Mapping[str, str]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Volume:
    """What inspect says of a volume."""

    name: str
    driver: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Image:
    """What inspect says of an image."""

    id: str
    tags: tuple[str, ...]
    size_bytes: int
    layer_ids: tuple[str, ...]
    user: str
    env: Mapping[str, str]
    labels: Mapping[str, str]
    ports: frozenset[str]
    entrypoint: tuple[str, ...]
    cmd: tuple[str, ...]
    workdir: str
    has_health_check: bool
    health_test: tuple[str, ...] = ()

    @property
    def layers(self) -> int:
        return len(self.layer_ids)


@dataclass(frozen=True, slots=True)
class Text:
    """Bytes that the world printed, as text; of a file also its owner's number.

    ``kind`` is ``file``, or what is there in the place of one.
    """

    text: str
    owner: int = 0
    kind: str = "file"


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a program ended, and what it printed."""

    exit_code: int
    output: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """The addresses of a name; none if it has none."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """Whether a connection could be opened."""

    opened: bool


@dataclass(frozen=True, slots=True)
class Page:
    """An HTTP answer; status 0 if no server answered."""

    status: int
    body: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RegistryTag:
    """A registry's answer: an HTTP status, 0 if there was none, and two digests.

    ``config`` is that of the image's settings, which most engines call its id.
    """

    status: int
    digest: str = ""
    config: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Kernel:
    """What the kernel says of a process: limits of its cgroup (0: none), namespaces.

    ``namespaces`` and ``machine``, the reader's own, have the inode of each by its
    name in ``/proc/PID/ns``; both are empty for who may not look. ``status`` has the
    lines of ``/proc/PID/status``.
    """

    memory_bytes: int
    pids: int
    nano_cpus: int
    namespaces: Mapping[str, int]
    machine: Mapping[str, int]
    status: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Nobody answered; the reason is one clause."""

    reason: str


Answer = (
    Container
    | Network
    | Volume
    | Image
    | Text
    | CommandResult
    | Resolution
    | Connection
    | Page
    | RegistryTag
    | Kernel
    | Unavailable
    | None
)


class CouldNotCheckError(LabError):
    """A check asked something to which nobody answered."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One snapshot: an answer to each probe that was asked for."""

    answers: Mapping[Probe, Answer] = field(default_factory=dict)

    def ask(self, probe: Probe) -> Answer:
        """Return the answer.

        Raises:
            CouldNotCheckError: nobody answered.
        """
        if probe not in self.answers:
            raise CouldNotCheckError(f"not observed: {probe}")
        answer = self.answers[probe]
        if isinstance(answer, Unavailable):
            raise CouldNotCheckError(answer.reason)
        return answer

    def container(self, name: str) -> Container | None:
        """Return a container, or ``None`` if there is none of that name."""
        answer = self.ask(ContainerProbe(name))
        return answer if isinstance(answer, Container) else None

    def network(self, name: str) -> Network | None:
        """Return a network, or ``None`` if there is none of that name."""
        answer = self.ask(NetworkProbe(name))
        return answer if isinstance(answer, Network) else None
