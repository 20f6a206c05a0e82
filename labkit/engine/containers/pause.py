"""``docker pause``: the freezer cgroup stops every process where it is."""

from dataclasses import replace

from labkit.engine.engine import Engine
from labkit.engine.health.stop import stop_asking
from labkit.engine.health.verdict import unwatched
from labkit.engine.lifecycle import follow


async def pause(engine: Engine, ref: str) -> None:
    """Freeze a container."""
    container = engine.store.find_container(ref)
    await engine.complete(_pause(engine, container.id), f"pause {container.id}")


async def _pause(engine: Engine, container_id: str) -> None:
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        after = follow(container, "pause")
        await engine.runtime.pause(container.id)
        stop_asking(engine, container.id)
        health = unwatched(container.health)
        paused = replace(container, status=after, health=health)
        await engine.store.save(paused)
    engine.events.container("pause", paused)
