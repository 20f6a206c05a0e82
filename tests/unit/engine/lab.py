"""An engine over fakes, in a temporary folder, with time that stands still."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from labkit.engine.config import EngineConfig
from labkit.engine.containers.create import create
from labkit.engine.containers.start import start
from labkit.engine.engine import Engine, Ports
from labkit.engine.model import (
    Container,
    ContainerConfig,
    EndpointRequest,
    HostConfig,
    Status,
)
from labkit.engine.opening import open_engine
from labkit.engine.ports import NetworkPort
from labkit.spec.image import ContainerDefaults
from tests.contract.fakes.builder import FakeBuilder
from tests.contract.fakes.files import FakeFiles
from tests.contract.fakes.images import FakeImages, FakeSnapshots
from tests.contract.fakes.network import FakeNetwork
from tests.contract.fakes.registries import FakeRegistries
from tests.contract.fakes.runtime import FakeRuntime

DEADLINE_SECONDS = 5.0


class FakeClock:
    """A second passes whenever somebody looks."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000_000_000

    def now_ns(self) -> int:
        self.now += 1_000_000_000
        return self.now


class FakeSleep:
    """Sleepers wait until the test wakes them; their wishes are kept."""

    def __init__(self) -> None:
        self.wishes: list[float] = []
        self.sleepers: list[asyncio.Future[None]] = []

    async def __call__(self, seconds: float) -> None:
        self.wishes.append(seconds)
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append(sleeper)
        await sleeper

    def wake_all(self) -> None:
        sleepers, self.sleepers = self.sleepers, []
        for sleeper in sleepers:
            if not sleeper.done():
                sleeper.set_result(None)


@dataclass
class World:
    """What is outside the engine and outlives it."""

    root: Path
    runtime: FakeRuntime
    network: FakeNetwork
    images: FakeImages
    snapshots: FakeSnapshots
    files: FakeFiles
    registries: FakeRegistries
    builder: FakeBuilder
    clock: FakeClock
    sleep: FakeSleep


def joining(ref: str) -> HostConfig:
    """Return what ``--network container:REF`` asks for."""
    return HostConfig(network_mode=f"container:{ref}")


def make_world(root: Path) -> World:
    layer = root / "layer"
    (layer / "etc").mkdir(parents=True)
    (layer / "etc/passwd").write_text(
        "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n"
    )
    (layer / "etc/group").write_text("root:x:0:\napp:x:1001:\nextra:x:2000:app\n")
    resolv_conf = root / "resolv.conf"
    resolv_conf.write_text("nameserver 192.0.2.53\n")
    images = FakeImages()
    images.put("busybox", ContainerDefaults(cmd=("sleep",), env=("FROM=image",)))
    return World(
        root,
        FakeRuntime(root / "data/containers"),
        FakeNetwork(),
        images,
        FakeSnapshots(layer),
        FakeFiles(),
        FakeRegistries(images),
        FakeBuilder(root / "build"),
        FakeClock(),
        FakeSleep(),
    )


@asynccontextmanager
async def open_lab(world: World) -> AsyncIterator[Engine]:
    """Open an engine on a world; call it again for the engine after a restart."""
    config = EngineConfig(world.root / "data", "abc123", world.root / "resolv.conf")
    network: NetworkPort = world.network
    ports = Ports(
        world.runtime,
        network,
        world.images,
        world.snapshots,
        world.files,
        world.registries,
        world.builder,
    )
    async with open_engine(config, ports, world.clock, world.sleep) as engine:
        yield engine


async def make(
    engine: Engine,
    *cmd: str,
    name: str = "",
    host: HostConfig | None = None,
    endpoints: Mapping[str, EndpointRequest] | None = None,
    **config: object,
) -> str:
    """Create a container of busybox; return its id."""
    created = await create(
        engine,
        name,
        ContainerConfig(image="busybox", cmd=cmd or None, **config),
        host or HostConfig(),
        endpoints or {},
    )
    return created.id


async def run(engine: Engine, *cmd: str, **options: object) -> str:
    """Create and start a container; return its id."""
    container_id = await make(engine, *cmd, **options)
    await start(engine, container_id)
    return container_id


async def until(engine: Engine, container_id: str, *states: Status) -> Container:
    """Wait for a state."""

    def arrived() -> bool:
        container = engine.store.container(container_id)
        return container is not None and container.status in states

    await until_true(arrived)
    return engine.store.find_container(container_id)


async def until_gone(engine: Engine, container_id: str) -> None:
    await until_true(lambda: engine.store.container(container_id) is None)


async def until_true(condition: Callable[[], object]) -> None:
    """Let everybody else run until a function of no arguments says yes."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not condition():  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)


def told(engine: Engine, *kinds: str) -> list[str]:
    """Return what was told so far: ``type action``."""
    return [
        f"{event.type} {event.action}"
        for event in engine.events.past()
        if not kinds or event.type in kinds
    ]
