"""Asking again and again."""

from pathlib import Path

from labkit.engine.containers.pause import pause
from labkit.engine.containers.stop import stop
from labkit.engine.containers.unpause import unpause
from labkit.engine.engine import Engine
from labkit.engine.model import Status
from labkit.spec.image import Healthcheck
from tests.unit.engine.lab import World, make_world, open_lab, run, told, until_true

_GOOD = Healthcheck(test=("CMD", "true"), interval=7_000_000_000)
_BAD = Healthcheck(test=("CMD", "false"), interval=7_000_000_000, retries=2)


def _status(engine: Engine, container_id: str) -> str:
    health = engine.store.find_container(container_id).health
    return health.status if health else "none"


def _answers(engine: Engine, container_id: str) -> int:
    health = engine.store.find_container(container_id).health
    return len(health.log) if health else 0


async def _next_answer(world: World, engine: Engine, container_id: str) -> None:
    before = _answers(engine, container_id)
    await until_true(lambda: world.sleep.wishes and world.sleep.sleepers)
    world.sleep.wake_all()
    await until_true(lambda: _answers(engine, container_id) > before)


async def test_a_container_becomes_healthy(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await run(engine, "sleep", healthcheck=_GOOD)
        assert _status(engine, made) == "starting"
        await _next_answer(world, engine, made)
        await until_true(lambda: _status(engine, made) == "healthy")
        assert world.sleep.wishes[0] == 7.0
        await until_true(lambda: "container health_status: healthy" in told(engine))
        await _next_answer(world, engine, made)
        assert told(engine).count("container health_status: healthy") == 1
        assert engine.store.find_container(made).health is not None


async def test_a_container_becomes_unhealthy(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await run(engine, "sleep", healthcheck=_BAD)
        await _next_answer(world, engine, made)
        assert _status(engine, made) == "starting"
        await _next_answer(world, engine, made)
        await until_true(lambda: "container health_status: unhealthy" in told(engine))
        assert _status(engine, made) == "unhealthy"


async def test_nobody_asks_without_a_check(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        made = await run(engine, "sleep")
        assert _status(engine, made) == "none"
        assert not engine.monitors


async def test_the_paused_and_the_stopped_are_not_asked(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await run(engine, "sleep", healthcheck=_GOOD)
        await _next_answer(world, engine, made)
        await pause(engine, made)
        assert (_status(engine, made), engine.monitors) == ("unhealthy", {})
        await unpause(engine, made)
        await _next_answer(world, engine, made)
        await until_true(lambda: _status(engine, made) == "healthy")
        await stop(engine, made)
        assert (_status(engine, made), engine.monitors) == ("unhealthy", {})


async def test_the_next_engine_goes_on_asking(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await run(engine, "sleep", healthcheck=_GOOD)
        await _next_answer(world, engine, made)
        await until_true(lambda: "container health_status: healthy" in told(engine))
    world.sleep.sleepers.clear()
    async with open_lab(world) as engine:
        assert engine.store.find_container(made).status is Status.RUNNING
        assert _status(engine, made) == "healthy"
        await _next_answer(world, engine, made)
        assert "container health_status: healthy" not in told(engine)
