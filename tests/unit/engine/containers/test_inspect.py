"""A record with its surroundings."""

from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.containers.inspect import inspect
from labkit.engine.execs.create import create_exec
from labkit.engine.model import ExecConfig, HostConfig, LogConfig
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_finds_image_folders_and_execs(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep", name="web")
        exec_id = await create_exec(engine, "web", ExecConfig(("ls",)))
        details = await inspect(engine, container_id[:10], size=True)
        folder = engine.container_folder(container_id)
        assert details.container.name == "web"
        assert details.image is not None
        assert details.overlay is not None
        assert details.overlay.upper == folder / "upper"
        assert details.exec_ids == (exec_id,)
        engine.execs.end(exec_id, 0)
        assert (await inspect(engine, container_id)).exec_ids == ()
        assert details.log_path == str(folder / f"{container_id}-json.log")
        assert details.hosts_path == str(folder / "hosts")
        assert (details.size_rw, details.size_root) == (0, 1000)


async def test_an_image_removed_by_force_is_missing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await make(engine)
        engine.overlays.clear()
        world.images.images.clear()
        details = await inspect(engine, container_id)
        assert details.image is None
        assert details.overlay is not None  # it keeps its layers


async def test_files_of_a_shared_network_are_the_owners(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        owner = await run(engine, "sleep", name="owner")
        host = HostConfig(network_mode="container:owner", log_config=LogConfig("none"))
        details = await inspect(engine, await make(engine, host=host))
        folder = engine.container_folder(owner)
        assert details.resolv_conf_path == str(folder / "resolv.conf")
        assert details.log_path == ""
        local = HostConfig(log_config=LogConfig("local"))
        assert (await inspect(engine, await make(engine, host=local))).log_path == ""


async def test_refuses_nobody(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError, match="No such container: ghost"):
            await inspect(engine, "ghost")
