"""A container's root as a tar."""

from pathlib import Path

from labkit.engine.containers.export import export
from tests.unit.engine.lab import make_world, open_lab, run, told


async def test_the_root_comes_out(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await run(engine, "sleep", name="box")
        async with export(engine, "box") as reading:
            assert b"".join([chunk async for chunk in reading.chunks]) == b"root"
        assert [verb for verb, _, _ in world.files.asked] == ["export"]
        assert told(engine, "container")[-1] == "container export"
