"""Removing volumes."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, NotFoundError
from labkit.engine.containers.remove import remove
from labkit.engine.model import HostConfig
from labkit.engine.volumes.create import create_volume
from labkit.engine.volumes.remove import remove_volume
from tests.unit.engine.lab import make, make_world, open_lab, told


async def test_removes_data_and_record(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_volume(engine, "data")
        (tmp_path / "data/volumes/data/_data/file").write_text("x")
        await remove_volume(engine, "data")
        assert not (tmp_path / "data/volumes/data").exists()
        assert told(engine)[-1] == "volume destroy"
        with pytest.raises(NotFoundError, match="get data: no such volume"):
            await remove_volume(engine, "data")
        await remove_volume(engine, "data", force=True)


async def test_refuses_while_a_container_has_it(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, host=HostConfig(binds=("data:/data",)))
        with pytest.raises(ConflictError) as caught:
            await remove_volume(engine, "data", force=True)
        assert caught.value.message == (
            f"remove data: volume is in use - [{container_id}]"
        )
        await remove(engine, container_id, volumes=True)
        await remove_volume(engine, "data")
