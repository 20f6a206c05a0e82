"""How an engine begins and ends.

Opening reads the store, repairs it against what the machine says, and only then lets
anybody in. Leaving ends the engine's own tasks and nothing else: containers go on, the
next engine adopts them. A graceful end calls ``shut_down`` first.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from labkit.base.clock import Clock, SystemClock
from labkit.base.database import DamagedError
from labkit.base.errors import LabError
from labkit.base.ids import is_full_id
from labkit.engine.adoption import queue_policies, repair, restore_networks
from labkit.engine.config import EngineConfig
from labkit.engine.engine import Engine, Ports
from labkit.engine.halt import halt
from labkit.engine.model import Status
from labkit.engine.networks.create import ensure_predefined
from labkit.engine.overlays import sweep
from labkit.engine.revive import cancel_revival, serve_revivals
from labkit.engine.store import Store
from labkit.engine.tasks import Tasks

_log = logging.getLogger(__name__)
_START_SECONDS = 10.0
"""What one who starts is given to come to the end of it."""


@asynccontextmanager
async def open_engine(
    config: EngineConfig,
    ports: Ports,
    clock: Clock | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Engine]:
    """Open the engine of a data root; the layers below are open already."""
    for name in ("containers", "volumes"):
        (config.data_root / name).mkdir(parents=True, exist_ok=True, mode=0o711)
    store = Store.open(config.data_root / "store.db")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        _refuse_orphans(store, config)
        tasks = await stack.enter_async_context(Tasks())
        engine = Engine(
            config, ports, store, tasks, clock or SystemClock(), sleep=sleep
        )
        await ensure_predefined(engine)
        await restore_networks(engine)
        queue_policies(engine)  # before repairs, which queue what they find ended
        await repair(engine)
        await sweep(engine)  # what a crash left half added
        tasks.spawn(serve_revivals(engine), "restarts")
        yield engine


def _refuse_orphans(store: Store, config: EngineConfig) -> None:
    """Don't take containers whose records were lost for rubbish.

    Raises:
        DamagedError: there are folders of containers, and there never was a record.
    """
    folder = config.data_root / "containers"
    found = [f for f in folder.iterdir() if is_full_id(f.name) and f.is_dir()]
    if store.is_new and found:
        raise DamagedError(
            f"{str(config.data_root / 'store.db')!r} is gone, and its second copy, but "
            f"there are {len(found)} containers in {str(folder)!r}: put it back from a "
            "backup, or move that folder away to begin anew"
        )


async def shut_down(engine: Engine, timeout: int = 10) -> None:  # noqa: ASYNC109 - the container's time
    """Stop all containers at once, so that their policies bring them back later.

    Each has the time that it was given to stop, and at most ``timeout`` seconds.
    """
    engine.stopping = True  # from now on nobody is started
    for container_id in tuple(engine.revivals):
        cancel_revival(engine, container_id)
    known = engine.store.containers()
    await asyncio.gather(*(_stop(engine, one.id, timeout) for one in known))


async def _stop(engine: Engine, container_id: str, longest: int) -> None:
    try:
        # Whoever starts it just now holds its lock.
        async with asyncio.timeout(_START_SECONDS), engine.lock(container_id):
            container = engine.store.container(container_id)
    except TimeoutError:
        container = engine.store.container(container_id)
    if container is None or container.status not in (Status.RUNNING, Status.PAUSED):
        return
    own = container.config.stop_timeout
    timeout = longest if own is None or own < 0 else min(own, longest)
    try:
        await halt(engine, container_id, timeout=timeout)
    except LabError as error:
        _log.warning("cannot stop container %s: %s", container_id, error)
