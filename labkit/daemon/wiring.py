"""The only place that knows the concrete classes: builds what the engine stands on.

images -> snapshots     runtime -> cgroups     network -> netd
    \\____________________ | ____________________/
                        Ports                  what the engine calls
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from labkit.daemon.adapters.builder import AsyncBuilder
from labkit.daemon.adapters.files import AsyncFiles
from labkit.daemon.adapters.images import AsyncImages, AsyncSnapshots
from labkit.daemon.adapters.network import AsyncNetwork
from labkit.daemon.adapters.registries import AsyncRegistries
from labkit.daemon.adapters.runtime import AsyncRuntime
from labkit.daemon.config import Config
from labkit.daemon.foundations import Foundations
from labkit.daemon.sources import Sources
from labkit.daemon.strays import end_stray_containers
from labkit.engine.engine import Ports
from labkit.images.hub import Hub
from labkit.images.model import LoadEvent
from labkit.images.store import ImageStore
from labkit.snapshots.overlay import OverlaySnapshots


class Machine:
    """The layers below, opened; also what the API asks of them directly."""

    def __init__(
        self,
        config: Config,
        foundations: Foundations,
        images: ImageStore,
        snapshots: OverlaySnapshots,
        *,
        builder: AsyncBuilder,
    ) -> None:
        self._images = AsyncImages(images)
        self._network = foundations.network
        self._config = config
        self.ports = Ports(
            runtime=AsyncRuntime(foundations.runtime),
            network=AsyncNetwork(foundations.network),
            images=self._images,
            snapshots=AsyncSnapshots(snapshots),
            files=AsyncFiles(),
            registries=AsyncRegistries(_hub(images, config.sources)),
            builder=builder,
        )

    @property
    def scratch(self) -> Path:
        return self._config.scratch_folder

    def load(self, archive: BinaryIO) -> AsyncIterator[LoadEvent]:
        return self._images.load(archive)

    async def save(self, names: tuple[str, ...], out: BinaryIO) -> None:
        await self._images.save(names, out)

    async def network_namespace(self) -> str:
        return str(await asyncio.to_thread(self._network.namespace_path))


@contextlib.asynccontextmanager
async def open_machine(
    config: Config, foundations: Foundations
) -> AsyncIterator[Machine]:
    """Open the layers below; close them in the end."""
    root = config.data_root
    strays = (config.engine.cgroup_parent, foundations.cgroup, root / "containers")
    await asyncio.to_thread(end_stray_containers, *strays)
    snapshots = OverlaySnapshots(root / "layers")
    async with contextlib.AsyncExitStack() as stack:
        images = await asyncio.to_thread(ImageStore, root, snapshots)
        stack.callback(images.close)
        builder = await asyncio.to_thread(AsyncBuilder, root, images, snapshots)
        stack.callback(builder.close)
        await asyncio.to_thread(foundations.wait)
        yield Machine(config, foundations, images, snapshots, builder=builder)


def _hub(images: ImageStore, sources: Sources) -> Hub:
    return Hub(images, sources.settings, sources.bundled, sources.upstream_first)
