"""One image."""

from pathlib import Path

from labkit.engine.images.history import history_image
from labkit.engine.images.inspect import image_users, inspect_image
from tests.unit.engine.lab import make, make_world, open_lab


async def test_by_name_and_by_id(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        image = await inspect_image(engine, "busybox")
        assert await inspect_image(engine, image.id.text) == image
        container_id = await make(engine)
        assert image_users(engine, image) == [container_id]


async def test_history(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        (line,) = await history_image(engine, "busybox")
        assert line.created_by == "CMD"
