"""The place where everything is."""

from pathlib import Path

from labkit.engine.config import EngineConfig
from tests.unit.engine.lab import make_world, open_lab


def test_cgroups_carry_the_engines_id() -> None:
    config = EngineConfig(Path("/data"), "abc123")
    assert config.cgroup_parent == "/labkit-abc123"


async def test_knows_where_things_lie(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        root = tmp_path / "data"
        assert engine.container_folder("x") == root / "containers/x"
        assert engine.log_path("x") == root / "containers/x/x-json.log"
        assert engine.volume_folder("v") == root / "volumes/v"
        assert engine.lock("a") is engine.lock("a")
