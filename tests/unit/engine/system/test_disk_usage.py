"""What everything takes."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.model import HostConfig
from labkit.engine.system.disk_usage import disk_usage
from tests.unit.engine.lab import make, make_world, open_lab


async def test_measures(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await make(engine, host=HostConfig(binds=("data:/data",)))
        (tmp_path / "data/volumes/data/_data/file").write_bytes(b"123")
        found = await disk_usage(engine)
        (volume,) = found.volumes or ()
        assert (volume.size, volume.users) == (3, 1)
        assert found.layers_size == 1000
        assert found.containers is not None
        assert found.containers[0].size_rw == 0


async def test_counts_a_layer_of_two_images_once(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    base = await world.images.resolve("busybox")
    top = world.images.put("web:1")
    world.images.images[top.id] = replace(top, chain_ids=(*base.chain_ids, top.id))
    async with open_lab(world) as engine:
        found = await disk_usage(engine, ("image",))
        assert found.layers_size == 2000
        assert [image.shared_size for image in found.images or ()] == [1000, 1000]
        assert found.containers is None


async def test_refuses_what_there_is_not(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError, match="unknown object type: x"):
            await disk_usage(engine, ("image", "x"))
