"""Stopping: ask, wait, kill."""

from pathlib import Path

import pytest

from labkit.base.errors import (
    NotModified,
)
from labkit.engine.containers.pause import pause
from labkit.engine.containers.stop import stop
from labkit.engine.model import Status
from tests.unit.engine.lab import (
    make,
    make_world,
    open_lab,
    run,
    told,
)


async def test_stop_asks_and_waits(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        await stop(engine, container_id)
        container = engine.store.find_container(container_id)
        assert (container.status, container.exit_code) == (Status.EXITED, 143)
        assert container.stopped_by_user
        assert told(engine, "container", "network")[-4:] == [
            "container kill",
            "container die",
            "network disconnect",
            "container stop",
        ]


async def test_stop_kills_who_does_not_listen(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "stubborn")
        await stop(engine, container_id, timeout=0)
        assert engine.store.find_container(container_id).exit_code == 137
        signals = [call[2] for call in world.runtime.calls if call[0] == "kill"]
        assert signals == ["15", "9"]


async def test_stop_uses_the_containers_own_signal(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep", stop_signal="SIGQUIT")
        await stop(engine, container_id, timeout=0)
        signals = [call[2] for call in world.runtime.calls if call[0] == "kill"]
        assert signals == ["3", "9"]


async def test_stop_of_a_stopped_container_changes_nothing(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep")
        with pytest.raises(NotModified):
            await stop(engine, container_id)


async def test_stop_thaws_a_paused_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
        await stop(engine, container_id)
        assert engine.store.find_container(container_id).exit_code == 143
