"""One more name."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.engine.images.tag import tag_image
from tests.unit.engine.lab import make_world, open_lab


async def test_adds_a_name(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await tag_image(engine, "busybox", "team/copy", "2")
        image = await engine.images.resolve("team/copy:2")
        assert image.id == (await engine.images.resolve("busybox")).id
        event = engine.events.past()[-1]
        assert (event.action, event.attributes["name"]) == ("tag", "team/copy:2")


async def test_refuses(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError, match="No such image: ghost:latest"):
            await tag_image(engine, "ghost", "copy")
        with pytest.raises(InvalidInputError, match="must be lowercase"):
            await tag_image(engine, "busybox", "Copy")
        digest = "sha256:" + "0" * 64
        with pytest.raises(InvalidInputError, match="refusing to create a tag with a"):
            await tag_image(engine, "busybox", f"copy@{digest}")
