"""Joining streams."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError
from labkit.engine.containers.attach import attach
from labkit.engine.containers.detach import detached
from labkit.engine.containers.pause import pause
from labkit.engine.containers.remove import remove
from labkit.runtime.model import AttachOptions
from tests.unit.engine.lab import make, make_world, open_lab, run, told


async def test_a_running_container_answers_at_once(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        attaching = await attach(engine, container_id, AttachOptions(stdin=True))
        stream = await attaching.stream()
        world.runtime.say(container_id, b"more\n")
        assert await stream.reader.readline() == b"more\n"
        attaching.close()
        assert stream.writer.closed


async def test_refuses_a_paused_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep", name="web")
        await pause(engine, container_id)
        with pytest.raises(ConflictError, match="Container web is paused"):
            await attach(engine, container_id, AttachOptions())


async def test_a_container_removed_instead_of_started(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, name="web")
        attaching = await attach(engine, container_id, AttachOptions())
        await remove(engine, container_id)
        with pytest.raises(ConflictError, match="container web was removed"):
            await attaching.stream()


async def test_tells_of_coming_and_going(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        attaching = await attach(engine, container_id, AttachOptions())
        attaching.close()
        await detached(engine, container_id)
        assert told(engine)[-2:] == ["container attach", "container detach"]
