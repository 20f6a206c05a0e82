"""Registries for the engine: transfers on worker threads, their news as they come."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial

from labkit.base.reference import Reference
from labkit.images.hub import Distribution, Hub, Wish
from labkit.images.model import Image
from labkit.images.registry.model import Credentials
from labkit.images.registry.retry import Patience
from labkit.images.transfer import Tell, TransferEvent

Work = Callable[[Patience, Tell], object]


class AsyncRegistries:
    """Satisfies ``engine.ports.RegistriesPort``."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def pull(self, wish: Wish) -> AsyncGenerator[TransferEvent, None]:
        return follow(partial(self._hub.pull, wish))

    def push(
        self, images: Sequence[tuple[Reference, Image]], credentials: Credentials
    ) -> AsyncGenerator[TransferEvent, None]:
        return follow(partial(self._hub.push, images, credentials))

    async def log_in(self, domain: str, credentials: Credentials) -> None:
        await asyncio.to_thread(self._hub.log_in, domain, credentials)

    async def inspect(self, wish: Wish) -> Distribution:
        return await asyncio.to_thread(self._hub.inspect, wish, Patience())


async def follow(work: Work) -> AsyncGenerator[TransferEvent, None]:
    """Do something on a thread and yield what it tells; closing stops it.

    The thread is waited for in any case: whoever comes after finds it ended.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[TransferEvent | None] = asyncio.Queue()
    patience = Patience(stop=threading.Event())

    def tell(event: TransferEvent) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, event)

    done = loop.run_in_executor(None, work, patience, tell)
    done.add_done_callback(lambda _: queue.put_nowait(None))
    try:
        while (event := await queue.get()) is not None:
            yield event
        done.result()
    finally:
        patience.stop.set()
        await asyncio.wait([done])
        done.exception()  # what a transfer says that nobody waits for is no news
