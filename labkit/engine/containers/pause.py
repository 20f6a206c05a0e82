"""``docker pause``: the freezer cgroup stops every process where it is."""

from dataclasses import replace

from labkit.engine.engine import Engine
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
        paused = replace(container, status=after)
        await engine.store.save(paused)
    engine.events.container("pause", paused)
