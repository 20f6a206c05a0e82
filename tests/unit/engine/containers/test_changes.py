"""What a container changed."""

from pathlib import Path

from labkit.engine.containers.changes import changes
from tests.unit.engine.lab import make, make_world, open_lab


async def test_the_upper_folder_is_compared(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", name="box")
        assert await changes(engine, "box") == ()
        upper = engine.container_folder(container_id) / "upper"
        (upper / "new").write_text("x")
        assert [one.path for one in await changes(engine, "box")] == ["/new"]
