"""One question."""

from pathlib import Path

import pytest

from labkit.engine.engine import Engine
from labkit.engine.health.probe import ask, go_duration
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


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (1, "1ns"),
        (1_500, "1.5µs"),
        (20_000_000, "20ms"),
        (1_500_000_000, "1.5s"),
        (30_000_000_000, "30s"),
        (90_000_000_000, "1m30s"),
        (3_600_000_000_000, "1h0m0s"),
    ],
)
def test_durations_as_go_spells_them(duration: int, text: str) -> None:
    assert go_duration(duration) == text
