"""The engine: what every verb gets as its first argument.

It is no doer but a place: the store, the layers below, the tasks in the background and
what lives only in memory (execs, attaches that wait for their container, waiters). The
work is done by functions, one verb a file:

    containers/  create start stop restart kill pause unpause rename wait remove ...
    execs/       create start inspect resize
    networks/    create inspect list remove prune connect disconnect
    volumes/     create inspect list remove prune
    images/      list inspect tag remove history prune pull push login distribution
    builds/      build prune
    system/      info version disk_usage

Each has the same six steps: look up, lock, check, act, record, tell.
``opening.py`` makes an engine and repairs what a crash left.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from labkit.base.clock import Clock
from labkit.engine.config import EngineConfig
from labkit.engine.events import Events
from labkit.engine.execs.registry import ExecRegistry
from labkit.engine.locks import Locks
from labkit.engine.members import Members
from labkit.engine.ports import (
    BuilderPort,
    FilesPort,
    ImagesPort,
    NetworkPort,
    RegistriesPort,
    RuntimePort,
    SnapshotsPort,
)
from labkit.engine.store import Store
from labkit.engine.streams import Streams
from labkit.engine.tasks import Tasks
from labkit.engine.waiters import Waiters
from labkit.snapshots.model import OverlayDirs

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ports:
    """The layers below, as the engine calls them."""

    runtime: RuntimePort
    network: NetworkPort
    images: ImagesPort
    snapshots: SnapshotsPort
    files: FilesPort
    registries: RegistriesPort
    builder: BuilderPort


@dataclass(slots=True)
class Probes:
    """How many health checks there were, and how many of them found no health."""

    asked: int = 0
    failed: int = 0


class Engine:
    """Made by ``opening.open_engine``."""

    def __init__(
        self,
        config: EngineConfig,
        ports: Ports,
        store: Store,
        tasks: Tasks,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.config = config
        self.clock = clock
        self.sleep = sleep
        self.store = store
        self.tasks = tasks
        self.runtime = ports.runtime
        self.network = ports.network
        self.images = ports.images
        self.registries = ports.registries
        self.snapshots = ports.snapshots
        self.files = ports.files
        self.builder = ports.builder
        self.events = Events(clock)
        self.execs = ExecRegistry()
        self.streams = Streams()
        self.waiters = Waiters()
        self.monitors: dict[str, asyncio.Task[None]] = {}  # health checks
        self.probes = Probes()
        self.watchers: dict[str, asyncio.Task[None]] = {}
        self.to_revive: asyncio.Queue[str] = asyncio.Queue()
        self.revivals: dict[str, asyncio.Task[None]] = {}
        self.members = Members()
        self.builds: dict[str, list[Callable[[], None]]] = {}  # by id: what ends them
        self.overlays: dict[str, OverlayDirs] = {}
        self.images_there: set[str] = set()  # ids of some that were not removed
        self.stopping = False  # the engine itself stops: nobody is started now
        self.backoffs: dict[str, int] = {}
        self._locks = Locks()

    def lock(self, name: str) -> asyncio.Lock:
        """Return the lock of a container (by id) or of a name being given away."""
        return self._locks.of(name)

    async def complete(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Do something to its end, whatever becomes of the client that asked."""
        return await self.tasks.complete(work, name)

    def container_folder(self, container_id: str) -> Path:
        return self.config.data_root / "containers" / container_id

    def log_path(self, container_id: str) -> Path:
        return self.container_folder(container_id) / f"{container_id}-json.log"

    def volume_folder(self, name: str) -> Path:
        return self.config.data_root / "volumes" / name
