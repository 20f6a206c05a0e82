"""Folders of layers."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.overlays import layers_in_use, overlay_dirs
from tests.unit.engine.lab import make, make_world, open_lab


async def test_asks_again_after_a_restart(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await make(engine)
        known = await overlay_dirs(engine, engine.store.find_container(container_id))
    async with open_lab(world) as engine:
        container = engine.store.find_container(container_id)
        assert await overlay_dirs(engine, container) == known
        engine.overlays.clear()
        world.images.images.clear()
        assert await overlay_dirs(engine, container) == known
        assert layers_in_use(engine) == {container.layers[-1]}
        engine.overlays.clear()
        container = replace(container, layers=())  # an older engine's
        with pytest.raises(NotFoundError, match="No such image"):
            await overlay_dirs(engine, container)
