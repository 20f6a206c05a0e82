"""``docker unpause``."""

from dataclasses import replace

from labkit.engine.engine import Engine
from labkit.engine.health.monitor import watch_health
from labkit.engine.lifecycle import follow


async def unpause(engine: Engine, ref: str) -> None:
    """Thaw a container."""
    container = engine.store.find_container(ref)
    await engine.complete(_unpause(engine, container.id), f"unpause {container.id}")


async def _unpause(engine: Engine, container_id: str) -> None:
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        after = follow(container, "unpause")
        await engine.runtime.unpause(container.id)
        running = replace(container, status=after)
        await engine.store.save(running)
        watch_health(engine, running)
    engine.events.container("unpause", running)
