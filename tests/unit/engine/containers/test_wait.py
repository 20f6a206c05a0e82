"""Three conditions."""

import asyncio
from pathlib import Path

import pytest

from labkit.base.errors import (
    InvalidInputError,
)
from labkit.engine.containers.kill import kill
from labkit.engine.containers.restart import restart
from labkit.engine.containers.wait import wait
from labkit.engine.model import HostConfig, Status
from tests.unit.engine.lab import (
    make,
    make_world,
    open_lab,
    run,
    until,
)


async def test_kill_waits_for_the_end(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "stubborn")
        await kill(engine, container_id)
        container = engine.store.find_container(container_id)
        assert (container.status, container.exit_code) == (Status.EXITED, 137)


async def test_waiters_hear_the_exit_code(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        waiting = [await wait(engine, container_id) for _ in range(3)]
        world.runtime.finish(container_id, 9)
        assert [outcome.exit_code for outcome in await asyncio.gather(*waiting)] == [
            9,
            9,
            9,
        ]


async def test_wait_answers_at_once_when_nothing_runs(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "false")
        await until(engine, container_id, Status.EXITED)
        assert (await wait(engine, container_id)).result().exit_code == 1


async def test_wait_for_the_next_exit_waits(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "false")
        waiting = await wait(engine, container_id, "next-exit")
        assert not waiting.done()
        await restart(engine, container_id)
        assert (await waiting).exit_code == 1


async def test_wait_for_removal_answers_after_it(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(auto_remove=True)
        container_id = await make(engine, "false", host=host)
        waiting = await wait(engine, container_id, "removed")
        await restart(engine, container_id)
        assert (await waiting).exit_code == 1
        assert engine.store.container(container_id) is None


async def test_wait_refuses_unknown_conditions(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        with pytest.raises(InvalidInputError, match='invalid condition: "soon"'):
            await wait(engine, container_id, "soon")


async def test_a_waiter_that_left_is_forgotten(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        waiting = await wait(engine, container_id)
        waiting.cancel()
        world.runtime.finish(container_id, 0)
        await until(engine, container_id, Status.EXITED)
