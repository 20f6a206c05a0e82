"""Removing, by force too."""

from pathlib import Path

from labkit.engine.containers.remove import remove
from labkit.engine.model import HostConfig
from tests.unit.engine.lab import (
    make,
    make_world,
    open_lab,
)


async def test_remove_takes_anonymous_volumes_only_if_asked(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(binds=("data:/data",))
        first = await make(engine, host=host, volumes=("/one",))
        second = await make(engine, volumes=("/two",))
        await remove(engine, first, volumes=True)
        assert [volume.name for volume in engine.store.volumes() if volume.anonymous]
        assert engine.store.volume("data") is not None
        await remove(engine, second)
        assert len(engine.store.volumes()) == 2
