"""Unused volumes."""

from pathlib import Path

from labkit.engine.containers.remove import remove
from labkit.engine.engine import Engine
from labkit.engine.model import HostConfig
from labkit.engine.volumes.create import create_volume
from labkit.engine.volumes.prune import prune_volumes
from tests.unit.engine.lab import make, make_world, open_lab


async def some_volumes(engine: Engine) -> str:
    """Make a used, a named spare and an anonymous spare one; return the last's name."""
    await make(engine, host=HostConfig(binds=("used:/data",)))
    await create_volume(engine, "named")
    gone = await make(engine, volumes=("/data",))
    name = engine.store.find_container(gone).mounts[0].name
    await remove(engine, gone)
    return name


async def test_removes_anonymous_ones(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        name = await some_volumes(engine)
        (tmp_path / f"data/volumes/{name}/_data/file").write_bytes(b"1234")
        pruned = await prune_volumes(engine, {})
        assert pruned.deleted == (name,)
        assert pruned.space == 4


async def test_removes_named_ones_if_asked(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        name = await some_volumes(engine)
        pruned = await prune_volumes(engine, {"all": ("true",)})
        assert set(pruned.deleted) == {name, "named"}
        assert [volume.name for volume in engine.store.volumes()] == ["used"]
