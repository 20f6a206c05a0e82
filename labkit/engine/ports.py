"""What the engine asks of the layers below, as it wants to call them.

Below the engine everything is synchronous; the engine awaits. The adapters that put
each call on a worker thread are in ``labkit/daemon/wiring.py``, and tests hand in
fakes. Each protocol is as small as the engine's need; meanings and errors are those of
the class it stands for.
"""

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Mapping,
    Sequence,
)
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from labkit.base.digest import Digest
from labkit.base.reference import Reference
from labkit.builder.cache import Record
from labkit.builder.model import BuildInput, BuildRequest, Built, Tell
from labkit.builder.ports import Order, Outcome, Print
from labkit.cgroups.model import Stats
from labkit.files.model import FileStatus, View, WriteOptions
from labkit.images.hub import Distribution, Wish
from labkit.images.model import HistoryLine, Image
from labkit.images.registry.model import Credentials
from labkit.images.transfer import PullEvent, TransferEvent
from labkit.network.facts import NetworkFacts
from labkit.network.model import Endpoint, Network, PortBinding, Resolver
from labkit.runtime.model import AttachOptions, ContainerState, IoOptions
from labkit.snapshots.model import Change, OverlayDirs
from labkit.spec.image import ImageConfig
from labkit.spec.runtime import Process, Resources


@dataclass(frozen=True, slots=True)
class Stream:
    """Both ways to a process: what the shim sends and what it takes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class RuntimePort(Protocol):
    """``labkit.runtime.runtime.Runtime``, awaited. Bundles lie ready on disk."""

    async def create(self, container_id: str, io: IoOptions) -> int: ...
    async def start(self, container_id: str) -> None: ...
    async def state(self, container_id: str) -> ContainerState: ...
    async def kill(self, container_id: str, signal: int) -> None: ...
    async def kill_exec(self, container_id: str, exec_id: str, signal: int) -> None: ...
    async def pause(self, container_id: str) -> None: ...
    async def unpause(self, container_id: str) -> None: ...
    async def processes(self, container_id: str) -> tuple[int, ...]: ...
    async def resize(
        self, container_id: str, exec_id: str | None, height: int, width: int
    ) -> None: ...
    async def attach(self, container_id: str, options: AttachOptions) -> Stream: ...
    async def exec(
        self,
        container_id: str,
        exec_id: str,
        process: Process,
        io: IoOptions,
        attach: AttachOptions | None,
    ) -> tuple[int, Stream | None]: ...
    async def watch(self, container_id: str) -> Stream: ...
    async def stats(self, container_id: str) -> Stats: ...
    async def update(self, container_id: str, resources: Resources) -> None: ...
    async def delete(self, container_id: str) -> None: ...


class NetworkPort(Protocol):
    """``labkit.network.service.NetworkService``, awaited."""

    async def ensure_network(self, network: Network) -> None: ...
    async def remove_network(self, network: Network) -> None: ...
    async def connect(
        self,
        network: Network,
        endpoint: Endpoint,
        pid: int,
        interface: str,
        default_route: bool,
    ) -> None: ...
    async def disconnect(
        self, network: Network, endpoint: Endpoint, pid: int | None
    ) -> None: ...
    async def bring_loopback_up(self, pid: int) -> None: ...
    async def publish(
        self,
        container_id: str,
        endpoint: Endpoint,
        name: str,
        ports: tuple[PortBinding, ...],
    ) -> tuple[PortBinding, ...]: ...
    async def unpublish(self, container_id: str) -> None: ...
    async def serve_dns(
        self, container_id: str, pid: int, resolver: Resolver
    ) -> None: ...
    async def stop_dns(self, container_id: str) -> None: ...
    async def set_names(
        self,
        network_id: str,
        names: Mapping[str, tuple[str, ...]],
        reverse: Mapping[str, str],
    ) -> None: ...
    async def facts(self, container_id: str, pid: int) -> NetworkFacts: ...
    async def host_routes(self) -> tuple[str, ...]:
        """Return the address ranges that this machine's routes lead to."""
        ...


class ImagesPort(Protocol):
    """``labkit.images.store.ImageStore``, awaited."""

    async def resolve(self, ref: str) -> Image: ...
    async def list(self) -> tuple[Image, ...]: ...
    async def tag(self, image: Image, reference: Reference) -> None: ...
    async def untag(self, reference: Reference) -> None: ...
    async def remove(self, image_id: Digest) -> tuple[Digest, ...]: ...
    async def collect(self) -> tuple[Digest, ...]: ...
    async def derive(
        self,
        tar: BinaryIO,
        describe: Callable[[Digest], ImageConfig],
        base: Image | None,
        names: Sequence[Reference],
    ) -> Image: ...
    async def chain_ids(self, image: Image) -> tuple[Digest, ...]: ...
    async def history(self, image: Image) -> tuple[HistoryLine, ...]: ...


class RegistriesPort(Protocol):
    """``labkit.images.hub.Hub``, awaited. Closing a generator ends the transfer."""

    def pull(self, wish: Wish) -> AsyncGenerator[TransferEvent, None]: ...
    def push(
        self, images: Sequence[tuple[Reference, Image]], credentials: Credentials
    ) -> AsyncGenerator[TransferEvent, None]: ...
    async def log_in(self, domain: str, credentials: Credentials) -> None: ...
    async def inspect(self, wish: Wish) -> Distribution: ...


class SnapshotsPort(Protocol):
    """``labkit.snapshots.overlay.OverlaySnapshots``, awaited."""

    async def prepare(
        self, folder: Path, chain_ids: tuple[Digest, ...]
    ) -> OverlayDirs: ...
    async def discard(self, folder: Path) -> None: ...
    async def usage(self, dirs: OverlayDirs) -> int: ...
    async def changes(self, dirs: OverlayDirs) -> tuple[Change, ...]: ...
    async def diff(self, dirs: OverlayDirs, out: BinaryIO) -> None: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A tar on its way out of a container, and what it is of."""

    status: FileStatus
    chunks: AsyncGenerator[bytes, None]


class FilesPort(Protocol):
    """``labkit.files.visits``, awaited; what is open ends with its context."""

    async def status(self, view: View, path: str) -> FileStatus: ...
    def read(self, view: View, path: str) -> AbstractAsyncContextManager[Reading]: ...
    def export(self, view: View) -> AbstractAsyncContextManager[Reading]: ...
    async def write(
        self, view: View, path: str, options: WriteOptions, tar: AsyncIterator[bytes]
    ) -> None: ...


class BuildJob(Protocol):
    """A build that was planned and waits to be run."""

    @property
    def request(self) -> BuildRequest: ...
    @property
    def stages(self) -> tuple[int, ...]: ...
    def stop(self) -> None:
        """End it as soon as may be."""
        ...


class BuildHands(Protocol):
    """What the builder has the engine do for it, from threads of its own."""

    async def find(
        self, name: str, platform: str, pull: bool, tell: Callable[[PullEvent], None]
    ) -> Image: ...
    async def find_source(self, name: str) -> Image | None: ...
    async def run(self, order: Order, out: Print) -> Outcome: ...
    async def clean(self, order: Order) -> None: ...
    async def kill(self) -> None: ...


class BuilderPort(Protocol):
    """``labkit.builder``, awaited; ``folder`` is a build's own and goes with it."""

    def folder(self) -> AbstractAsyncContextManager[Path]: ...
    async def unpack_context(self, packed: BinaryIO, folder: Path) -> None: ...
    async def fetch_context(self, url: str, folder: Path) -> str: ...
    async def read_dockerfile(self, context: Path, name: str) -> str: ...
    async def prepare(
        self,
        request: BuildRequest,
        source: BuildInput,
        folder: Path,
        hands: BuildHands,
        tell: Tell,
    ) -> BuildJob: ...
    async def build(self, job: BuildJob) -> Built: ...
    async def records(self) -> tuple[Record, ...]: ...
    async def forget(self, keys: Sequence[str]) -> None: ...
    async def forget_metadata(self) -> None: ...
    def is_busy(self, key: str) -> bool: ...
