"""Beginning and end."""

import asyncio
from pathlib import Path

import pytest

from labkit.base.errors import UnavailableError
from labkit.engine.containers.pause import pause
from labkit.engine.containers.start import start
from labkit.engine.model import HostConfig, RestartPolicy, Status
from labkit.engine.opening import shut_down
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_leaving_lets_containers_go_on(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
    assert world.runtime.containers[container_id].exit is None


async def test_a_failure_inside_leaves_as_it_came(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        async with open_lab(make_world(tmp_path)):
            raise KeyError("x")


async def test_shutting_down_stops_everybody(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        ids = [await run(engine, "sleep", host=host), await run(engine, "stubborn")]
        paused = await run(engine, "sleep")
        await pause(engine, paused)
        idle = await make(engine)
        await shut_down(engine, timeout=0)
        for container_id in (*ids, paused):
            stopped = engine.store.find_container(container_id)
            assert stopped.status is Status.EXITED
            assert not stopped.stopped_by_user
        assert engine.store.find_container(idle).status is Status.CREATED
        assert not world.sleep.wishes  # nobody is restarted now


async def test_shutting_down_gives_each_the_time_that_it_asked_for(
    tmp_path: Path,
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "stubborn", stop_timeout=0)
        async with asyncio.timeout(5):  # not the ten seconds that others have
            await shut_down(engine)
        assert engine.store.find_container(container_id).status is Status.EXITED


async def test_shutting_down_stops_who_is_being_started(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        starting = asyncio.create_task(start(engine, container_id))
        async with asyncio.timeout(5):
            while not engine.lock(container_id).locked():  # noqa: ASYNC110 - no event
                await asyncio.sleep(0)
            await shut_down(engine, timeout=0)
            await starting
        assert engine.store.find_container(container_id).status is Status.EXITED


async def test_nobody_is_started_once_it_shuts_down(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        await shut_down(engine)
        with pytest.raises(UnavailableError, match="the engine is stopping"):
            await start(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.CREATED
