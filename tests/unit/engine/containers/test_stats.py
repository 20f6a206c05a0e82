"""Readings."""

import asyncio
import os
from pathlib import Path

from labkit.base.machine import memory_bytes
from labkit.engine.containers.stats import read_interfaces, stats
from tests.unit.engine.lab import make, make_world, open_lab, run, until_true


async def test_one_shot_is_one_reading(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        samples = await stats(engine, container_id, stream=False, one_shot=True)
        found = [sample async for sample in samples]
        assert len(found) == 1
        assert found[0].stats is not None


async def test_without_stream_two_readings_a_second_apart(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        samples = await stats(engine, container_id, stream=False)
        first = await anext(samples)
        second = asyncio.ensure_future(anext(samples))
        await until_true(lambda: world.sleep.wishes == [1.0])
        world.sleep.wake_all()
        assert (await second).read_ns > first.read_ns
        assert [sample async for sample in samples] == []


async def test_a_stopped_container_reads_nothing(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        samples = await stats(engine, container_id, stream=False)
        assert [sample.stats async for sample in samples] == [None]


async def test_without_a_limit_the_machines_memory_is_shown(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        samples = await stats(engine, container_id, stream=False, one_shot=True)
        [sample] = [sample async for sample in samples]
        assert sample.stats is not None
        assert sample.stats.memory.limit == memory_bytes()


def test_reads_interfaces_of_a_process() -> None:
    assert all(item.name != "lo" for item in read_interfaces(os.getpid()))
    assert read_interfaces(2**22 + 1) == ()
