"""Ending politely, then not; ``containers/test_stop`` has the verb."""

import asyncio
from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InvalidInputError
from labkit.engine.halt import halt, kill_and_wait, stop_signal
from labkit.engine.model import ContainerConfig, Status
from tests.unit.engine.build import container
from tests.unit.engine.lab import make, make_world, open_lab, run, until, until_true


def test_the_signal_that_asks() -> None:
    assert stop_signal(container()) == 15
    assert stop_signal(container(ContainerConfig(stop_signal="QUIT"))) == 3
    assert stop_signal(container(), "HUP") == 1
    with pytest.raises(InvalidInputError):
        stop_signal(container(), "FOO")


async def test_an_end_on_the_way_is_fine(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        world.runtime.finish(container_id, 0)  # the engine does not know yet
        await halt(engine, container_id)
        assert (await until(engine, container_id, Status.EXITED)).exit_code == 0


async def test_a_lost_shim_is_an_end_on_the_way(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        world.runtime.lose_shim(container_id)  # the engine does not know yet
        await halt(engine, container_id)
        assert (await until(engine, container_id, Status.EXITED)).exit_code == 137


async def test_waits_for_ever_if_told_so(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "stubborn")
        stopping = asyncio.ensure_future(halt(engine, container_id, timeout=-1))
        await until_true(lambda: ("kill", container_id, "15") in world.runtime.calls)
        assert not stopping.done()
        world.runtime.finish(container_id, 0)
        await stopping


async def test_refuses_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        with pytest.raises(ConflictError, match="is not running"):
            await kill_and_wait(engine, container_id)
