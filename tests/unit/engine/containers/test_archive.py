"""Files out of a container."""

from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.containers.archive import file_status, read_archive
from tests.unit.engine.lab import make, make_world, open_lab, told


async def test_a_status_and_a_tar(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.files.contents["/etc/hosts"] = b"tar!"
    async with open_lab(world) as engine:
        await make(engine, "sleep", name="box")
        assert (await file_status(engine, "box", "/etc/hosts")).name == "hosts"
        async with read_archive(engine, "box", "/etc/hosts") as reading:
            assert reading.status.name == "hosts"
            assert b"".join([chunk async for chunk in reading.chunks]) == b"tar!"
        assert told(engine, "container")[-1] == "container archive-path"


async def test_what_is_not_there_is_said_in_dockers_words(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", name="box")
        text = "^Could not find the file /none in container box$"
        with pytest.raises(NotFoundError, match=text):
            await file_status(engine, "box", "/none")
        with pytest.raises(NotFoundError, match=text):
            async with read_archive(engine, "box", "/none"):
                raise AssertionError("nothing is there to be read")
        assert not engine.lock(container_id).locked()
        assert "container archive-path" not in told(engine)
