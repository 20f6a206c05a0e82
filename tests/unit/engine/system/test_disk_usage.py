"""What everything takes."""

from pathlib import Path

from labkit.engine.model import HostConfig
from labkit.engine.system.disk_usage import disk_usage
from tests.unit.engine.lab import make, make_world, open_lab


async def test_measures(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await make(engine, host=HostConfig(binds=("data:/data",)))
        (tmp_path / "data/volumes/data/_data/file").write_bytes(b"123")
        found = await disk_usage(engine)
        (volume,) = found.volumes
        assert (volume.size, volume.users) == (3, 1)
        assert found.layers_size == 1000
        assert found.containers[0].size_rw == 0
