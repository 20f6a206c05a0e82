"""Whether a container may be started at all; ``test_launch`` has the rest."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InvalidInputError, NotModified
from labkit.engine.containers.pause import pause
from labkit.engine.containers.start import start
from labkit.engine.model import HostConfig
from tests.unit.engine.lab import make, make_world, open_lab, run, told


async def test_a_running_container_is_not_started_again(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        with pytest.raises(NotModified):
            await start(engine, container_id)
        assert told(engine, "container").count("container start") == 1


async def test_refuses_to_start_a_paused_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
        with pytest.raises(ConflictError, match="try unpause instead"):
            await start(engine, container_id)


async def test_a_failed_start_of_auto_remove_removes(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "nosuch", host=HostConfig(auto_remove=True))
        with pytest.raises(InvalidInputError):
            await start(engine, container_id)
        assert engine.store.container(container_id) is None
        assert not engine.container_folder(container_id).exists()


async def test_tells_of_volumes_and_the_start(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(binds=("data:/data:ro",))
        await run(engine, "sleep", host=host)
        mount = next(e for e in engine.events.past() if e.action == "mount")
        assert mount.type == "volume"
        assert mount.attributes["read/write"] == "false"
        assert mount.attributes["destination"] == "/data"
        assert told(engine)[-2:] == ["volume mount", "container start"]
