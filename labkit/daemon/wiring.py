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

from labkit.cgroups.hierarchy import read_hierarchy
from labkit.cgroups.manager import Manager, open_manager
from labkit.daemon.adapters.builder import AsyncBuilder
from labkit.daemon.adapters.files import AsyncFiles
from labkit.daemon.adapters.images import AsyncImages, AsyncSnapshots
from labkit.daemon.adapters.network import AsyncNetwork
from labkit.daemon.adapters.registries import AsyncRegistries
from labkit.daemon.adapters.runtime import AsyncRuntime
from labkit.daemon.config import Config
from labkit.daemon.sources import Sources
from labkit.daemon.strays import end_stray_containers, end_stray_netd
from labkit.engine.engine import Ports
from labkit.images.hub import Hub
from labkit.images.model import LoadEvent
from labkit.images.store import ImageStore
from labkit.network.service import NetworkService
from labkit.runtime.runtime import Runtime
from labkit.snapshots.overlay import OverlaySnapshots


class Machine:
    """The layers below, opened; also what the API asks of them directly.

    What becomes of the networks when this is closed depends on how far it came:

        not ``opened``   the engine never stood: what was found stays for the containers
                         that live on it, what this start made goes
        ``opened``       containers may run and live on: all stays
        ``emptied``      a graceful stop has ended the containers: all goes
    """

    def __init__(
        self,
        config: Config,
        runtime: Runtime,
        network: NetworkService,
        images: ImageStore,
        snapshots: OverlaySnapshots,
        *,
        builder: AsyncBuilder,
    ) -> None:
        self._images = AsyncImages(images)
        self._network = network
        self._config = config
        self.opened = False
        self.emptied = False
        self.ports = Ports(
            runtime=AsyncRuntime(runtime),
            network=AsyncNetwork(network),
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
async def open_machine(config: Config) -> AsyncIterator[Machine]:
    """Open the layers below; close them in the end."""
    root = config.data_root
    hierarchy = read_hierarchy()

    def cgroup(path: str) -> Manager:
        return open_manager(hierarchy, path)

    strays = (config.engine.cgroup_parent, cgroup, root / "containers")
    await asyncio.to_thread(end_stray_containers, *strays)
    await asyncio.to_thread(end_stray_netd, root / "network")
    snapshots = OverlaySnapshots(root / "layers")
    runtime = Runtime(root / "containers", cgroup)
    network = NetworkService(root / "network", config.engine_id)
    async with contextlib.AsyncExitStack() as stack:
        images = await asyncio.to_thread(ImageStore, root, snapshots)
        stack.callback(images.close)
        builder = await asyncio.to_thread(AsyncBuilder, root, images, snapshots)
        stack.callback(builder.close)
        machine = Machine(config, runtime, network, images, snapshots, builder=builder)
        parent = cgroup(config.engine.cgroup_parent)
        stack.push_async_callback(_remove_cgroups, parent, machine)
        # Closing what was never opened does nothing, so both can be promised first and
        # opened side by side: spawner and netd are processes that take their time.
        stack.push_async_callback(asyncio.to_thread, runtime.close)
        stack.push_async_callback(_close_network, network, machine)
        openings = (asyncio.to_thread(layer.open) for layer in (runtime, network))
        for failure in await asyncio.gather(*openings, return_exceptions=True):
            if failure is not None:
                raise failure
        yield machine


def _hub(images: ImageStore, sources: Sources) -> Hub:
    return Hub(images, sources.settings, sources.bundled, sources.upstream_first)


async def _remove_cgroups(parent: Manager, machine: Machine) -> None:
    """Take away the groups that all containers' groups were in, once those are gone."""
    if machine.emptied:
        await asyncio.to_thread(parent.delete)


async def _close_network(network: NetworkService, machine: Machine) -> None:
    keep = not machine.emptied and (machine.opened or network.is_adopted)
    await asyncio.to_thread(network.close, keep)
