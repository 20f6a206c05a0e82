"""``docker volume ls``."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.engine import Engine
from labkit.engine.model import HostConfig
from labkit.engine.volumes.create import create_volume
from labkit.engine.volumes.list import list_volumes
from tests.unit.engine.lab import make, make_world, open_lab


async def names(engine: Engine, **filters: tuple[str, ...]) -> list[str]:
    return [volume.name for volume in await list_volumes(engine, filters)]


async def test_filters(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_volume(engine, "spare", labels={"a": "b"})
        await make(engine, host=HostConfig(binds=("data:/data",)))
        assert await names(engine) == ["data", "spare"]
        assert await names(engine, name=("at",)) == ["data"]
        assert await names(engine, label=("a",)) == ["spare"]
        assert await names(engine, dangling=("true",)) == ["spare"]
        assert await names(engine, dangling=("false",)) == ["data"]
        assert await names(engine, driver=("nfs",)) == []
        with pytest.raises(InvalidInputError, match="invalid filter 'foo'"):
            await names(engine, foo=("x",))
