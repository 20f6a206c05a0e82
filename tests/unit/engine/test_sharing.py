"""Joined networks: by id, along a chain, with the owner's files and host name."""

import asyncio
import os
from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, NotFoundError
from labkit.engine.containers.create import create
from labkit.engine.containers.inspect import inspect
from labkit.engine.containers.rename import rename
from labkit.engine.containers.start import start
from labkit.engine.model import ContainerConfig, HostConfig
from labkit.engine.sharing import network_owner, pin_containers
from labkit.runtime.bundle import read_spec
from tests.unit.engine.lab import joining, make, make_world, open_lab, run


async def test_names_become_ids_that_no_rename_changes(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        web = await run(engine, name="web")
        host = HostConfig(
            network_mode="container:web", pid_mode="container:web", ipc_mode="host"
        )
        pinned = pin_containers(engine, host)
        assert pinned.network_mode == pinned.pid_mode == f"container:{web}"
        assert pinned.ipc_mode == "host"
        side = await make(engine, host=joining("web"))
        await rename(engine, "web", "other")
        await start(engine, side)
        found = engine.store.find_container(side)
        assert found.host_config.network_mode == f"container:{web}"


async def test_who_is_not_there_yet_is_looked_for_at_the_start(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        side = await make(engine, host=joining("later"))
        found = engine.store.find_container(side)
        assert found.host_config.network_mode == "container:later"
        with pytest.raises(NotFoundError, match="No such container: later"):
            await start(engine, side)
        await run(engine, name="later")
        await start(engine, side)


async def test_a_chain_has_the_files_and_the_name_of_its_end(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        first = await run(engine, name="first", hostname="machine")
        await run(engine, name="second", host=joining("first"))
        third = await run(engine, name="third", host=joining("second"))
        assert network_owner(engine, engine.store.find_container("third")).id == first
        details = await inspect(engine, "third")
        assert details.hosts_path == str(engine.container_folder(first) / "hosts")
        assert details.container.config.hostname == "machine"
        spec = read_spec(engine.container_folder(third))
        sources = {mount.destination: mount.source for mount in spec.mounts}
        folder = engine.container_folder(first)
        assert sources["/etc/resolv.conf"] == str(folder / "resolv.conf")
        assert await asyncio.to_thread(os.path.isfile, sources["/etc/resolv.conf"])


async def test_a_circle_is_refused(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        config = ContainerConfig(image="busybox", cmd=("sleep",))
        await create(engine, "own", config, joining("own"), {})
        with pytest.raises(ConflictError, match="cannot join own network"):
            await start(engine, "own")


async def test_files_of_an_owner_that_is_gone_are_nowhere_else(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        side = await make(engine, host=joining("nobody"))
        details = await inspect(engine, side)
        assert details.hosts_path == str(engine.container_folder(side) / "hosts")
