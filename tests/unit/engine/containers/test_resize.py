"""Terminal sizes."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError
from labkit.engine.containers.resize import resize
from tests.unit.engine.lab import make, make_world, open_lab, run, told


async def test_passes_the_size_on(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", tty=True)
        await resize(engine, container_id, 24, 80)
        assert world.runtime.calls[-1] == ("resize", container_id, "", "24x80")


async def test_without_a_terminal_there_is_nothing_to_do(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        await resize(engine, container_id, 24, 80)
        assert "resize" not in {call[0] for call in world.runtime.calls}
        assert told(engine)[-1] == "container resize"


async def test_refuses_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        with pytest.raises(ConflictError, match="is not running"):
            await resize(engine, container_id, 24, 80)
