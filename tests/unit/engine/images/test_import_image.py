"""An image made of a tar."""

import io
from pathlib import Path

from labkit.engine.images.import_image import import_image
from tests.unit.engine.lab import make_world, open_lab, told


async def test_the_image_has_the_changes_and_the_name(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        tar = io.BytesIO(b"files")
        image = await import_image(
            engine, tar, repo="mine", tag="1", message="why", changes=["ENV a=b"]
        )
        assert [name.familiar for name in image.names] == ["mine:1"]
        assert image.config.config.env == ("a=b",)
        assert image.config.history[0].comment == "why"
        assert told(engine, "image") == ["image tag", "image import"]
