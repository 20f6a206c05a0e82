"""Where a container's files are seen."""

import asyncio
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.containers.start import start
from labkit.engine.model import HostConfig
from labkit.engine.views import viewed
from labkit.spec.runtime import OVERLAY_UPPER
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_one_that_runs_is_seen_through_its_process(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        async with viewed(engine, container_id) as (container, view):
            assert view.process == container.pid
            assert view.spec is None
            assert not engine.lock(container_id).locked()


async def test_one_that_rests_is_its_layers_and_binds(tmp_path: Path) -> None:
    source = tmp_path / "data"
    source.mkdir()
    host = HostConfig(binds=(f"{source}:/data:ro",), tmpfs={"/t": ""})
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", host=host)
        async with viewed(engine, container_id) as (_, view):
            assert view.process == 0
            assert view.spec is not None
            folder = engine.container_folder(container_id)
            assert view.spec.annotations[OVERLAY_UPPER] == str(folder / "upper")
            (mount,) = view.spec.mounts
            assert (mount.destination, mount.source) == ("/data", str(source))
            assert "rro" in mount.options


async def test_nobody_starts_one_that_is_looked_at(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep")
        async with viewed(engine, container_id):
            starting = asyncio.ensure_future(start(engine, container_id))
            for _ in range(10):
                await asyncio.sleep(0)
            assert not starting.done()
        await starting


async def test_one_that_is_gone_is_not_found(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError):
            async with viewed(engine, "none"):
                raise AssertionError("nothing is there to be seen")
