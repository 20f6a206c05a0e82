"""Leaving by the detach keys."""

from pathlib import Path

from labkit.engine.containers.detach import detached
from tests.unit.engine.lab import make_world, open_lab, run, told


async def test_tells_who_was_left(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep", name="web")
        await detached(engine, "web")
        assert told(engine)[-1] == "container detach"
        assert engine.events.past()[-1].actor_id == container_id
