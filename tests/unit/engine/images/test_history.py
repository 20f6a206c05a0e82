"""How an image was made."""

from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.images.history import history_image
from tests.unit.engine.lab import make_world, open_lab


async def test_refuses_an_unknown_image(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        assert len(await history_image(engine, "busybox")) == 1
        with pytest.raises(NotFoundError, match="No such image: ghost:latest"):
            await history_image(engine, "ghost")
