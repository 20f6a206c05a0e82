"""Files into a container."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from labkit.base.errors import InternalError, InvalidInputError, NotFoundError
from labkit.engine.containers.extract import extract
from labkit.engine.model import HostConfig
from tests.unit.engine.lab import make, make_world, open_lab, told


async def tar() -> AsyncIterator[bytes]:
    yield b"tar"


async def test_the_tar_arrives(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await make(engine, "sleep", name="box")
        await extract(engine, "box", "/", tar(), keep_kinds=True)
        assert world.files.contents["/"] == b"tar"
        assert world.files.options.keep_kinds
        assert world.files.options.owner is None
        assert told(engine, "container")[-1] == "container extract-to-dir"


async def test_the_containers_user_may_own_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await make(engine, "sleep", name="box", user="app")
        await extract(engine, "box", "/", tar(), as_user=True)
        assert world.files.options.owner == (1000, 1001)
        await make(engine, "sleep", name="root")
        await extract(engine, "root", "/", tar(), as_user=True)
        assert world.files.options.owner is None


async def test_what_is_read_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ro").mkdir()
    (tmp_path / "rw").mkdir()
    binds = (f"{tmp_path}/ro:/ro:ro", f"{tmp_path}/rw:/ro/rw")
    host = HostConfig(binds=binds, readonly_rootfs=True)
    world = make_world(tmp_path)
    world.files.contents["/ro/rw/x"] = b""
    async with open_lab(world) as engine:
        await make(engine, "sleep", name="box", host=host)
        with pytest.raises(InternalError, match="volume is marked read-only"):
            await extract(engine, "box", "/ro/x", tar())
        with pytest.raises(InternalError, match="rootfs is marked read-only"):
            await extract(engine, "box", "/roof", tar())
        await extract(engine, "box", "/ro/rw/x", tar())


async def test_failures_have_dockers_kinds(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await make(engine, "sleep", name="box")
        with pytest.raises(NotFoundError, match="Could not find the file /none"):
            await extract(engine, "box", "/none", tar())
        world.files.error = InvalidInputError("damaged")
        with pytest.raises(InternalError, match="damaged"):
            await extract(engine, "box", "/", tar())
        assert "container extract-to-dir" not in told(engine)
