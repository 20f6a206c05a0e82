"""What is told of a start."""

from pathlib import Path

from labkit.engine.containers.started import tell_started
from tests.unit.engine.lab import make, make_world, open_lab, told


async def test_tells_of_the_volumes_first(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, volumes=("/a", "/b"))
        tell_started(engine, engine.store.find_container(container_id))
        assert told(engine)[-3:] == ["volume mount", "volume mount", "container start"]
