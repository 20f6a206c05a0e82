"""One question."""

from pathlib import Path

from labkit.engine.engine import Engine
from labkit.engine.health.probe import ask
from labkit.engine.model import HealthProbe
from labkit.spec.image import Healthcheck
from tests.unit.engine.lab import make_world, open_lab, run, told


async def _ask(engine: Engine, *test: str, limit: int = 0) -> HealthProbe:
    check = Healthcheck(test=test, timeout=limit)
    made = await run(engine, "sleep", healthcheck=check)
    return await ask(engine, engine.store.find_container(made))


async def test_the_exit_code_and_the_output(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        world.runtime.output = b"all is well"
        good = await _ask(engine, "CMD", "true")
        assert (good.exit_code, good.output) == (0, "all is well")
        assert good.started_at < good.finished_at
        assert (await _ask(engine, "CMD", "false")).exit_code == 1
        assert "container exec_create: true " in told(engine)


async def test_much_output_is_cut(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        world.runtime.output = b"x" * 5000
        probe = await _ask(engine, "CMD", "true")
    assert probe.output == "x" * 4096 + "..."


async def test_a_check_that_cannot_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        probe = await _ask(engine, "CMD", "nosuch")
    assert probe.exit_code == -1
    assert "executable file not found" in probe.output


async def test_a_check_without_an_end_is_killed(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        probe = await _ask(engine, "CMD", "sleep", limit=2_000_000)
    assert probe.exit_code == -1
    assert probe.output == "Health check exceeded timeout (2ms)"
    assert [call[0] for call in world.runtime.calls].count("kill_exec") == 1


async def test_nothing_is_left_in_memory(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await _ask(engine, "CMD", "true")
        [container] = engine.store.containers()
        assert engine.execs.of_container(container.id) == ()
