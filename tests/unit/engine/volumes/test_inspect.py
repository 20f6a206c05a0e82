"""One volume."""

from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.model import HostConfig
from labkit.engine.volumes.create import create_volume
from labkit.engine.volumes.inspect import inspect_volume, volume_users
from tests.unit.engine.lab import make, make_world, open_lab


async def test_finds_by_the_whole_name_only(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        volume = await create_volume(engine, "data")
        assert await inspect_volume(engine, "data") == volume
        with pytest.raises(NotFoundError, match="get dat: no such volume"):
            await inspect_volume(engine, "dat")


async def test_users_are_containers_running_or_not(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, host=HostConfig(binds=("data:/data",)))
        assert volume_users(engine, "data") == [container_id]
        assert volume_users(engine, "other") == []
