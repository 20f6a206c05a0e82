"""Restart policies at work."""

import asyncio
from pathlib import Path

from labkit.engine.containers.remove import remove
from labkit.engine.containers.stop import stop
from labkit.engine.model import HostConfig, RestartPolicy, Status
from tests.unit.engine.lab import (
    make_world,
    open_lab,
    run,
    until,
    until_gone,
    until_true,
)


async def test_restarts_with_growing_patience(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "false", host=host)
        for number in range(1, 5):
            await until_true(lambda n=number: len(world.sleep.wishes) == n)
            waiting = engine.store.find_container(container_id)
            assert waiting.status is Status.RESTARTING
            assert waiting.restart_count == number - 1
            world.sleep.wake_all()
        await until_true(lambda: len(world.sleep.wishes) == 5)
        assert world.sleep.wishes == [0.1, 0.2, 0.4, 0.8, 1.6]


async def test_on_failure_counts(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("on-failure", 1))
        container_id = await run(engine, "false", host=host)
        await until_true(lambda: len(world.sleep.wishes) == 1)
        world.sleep.wake_all()
        ended = await until(engine, container_id, Status.EXITED)
        assert (ended.restart_count, ended.exit_code) == (1, 1)


async def test_on_failure_leaves_success_alone(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("on-failure"))
        container_id = await run(engine, "true", host=host)
        await until(engine, container_id, Status.EXITED)
        assert not world.sleep.wishes


async def test_who_is_stopped_stays_stopped(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "sleep", host=host)
        await stop(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.EXITED
        assert not world.sleep.wishes


async def test_stop_between_two_restarts(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "false", host=host)
        await until_true(lambda: world.sleep.wishes)
        await stop(engine, container_id)
        world.sleep.wake_all()
        await asyncio.sleep(0)
        assert engine.store.find_container(container_id).status is Status.EXITED


async def test_force_removes_between_two_restarts(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        host = HostConfig(restart_policy=RestartPolicy("always"))
        container_id = await run(engine, "false", host=host)
        await until_true(lambda: world.sleep.wishes)
        await remove(engine, container_id, force=True)
        await until_gone(engine, container_id)
