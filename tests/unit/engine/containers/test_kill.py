"""Any signal."""

from pathlib import Path

import pytest

from labkit.base.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
)
from labkit.engine.containers.kill import kill
from labkit.engine.containers.remove import remove
from labkit.engine.model import Status
from tests.unit.engine.lab import (
    make,
    make_world,
    open_lab,
    run,
)


async def test_kill_with_another_signal_only_sends(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        await kill(engine, container_id, "HUP")
        assert engine.store.find_container(container_id).status is Status.RUNNING
        assert world.runtime.calls[-1] == ("kill", container_id, "1")


@pytest.mark.parametrize("signal", ["NOSUCH", "0", "-1"])
async def test_refuses_signals_that_are_none(tmp_path: Path, signal: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        with pytest.raises(InvalidInputError, match=f"^Invalid signal: {signal}$"):
            await kill(engine, container_id, signal)
        with pytest.raises(
            InvalidInputError, match="daemon does not support signal 65"
        ):
            await kill(engine, container_id, "65")


async def test_refuses_to_kill_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", name="web")
        with pytest.raises(ConflictError, match="Cannot kill container: web: Contai"):
            await kill(engine, container_id)


async def test_remove_refuses_what_runs_and_force_kills(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "stubborn")
        with pytest.raises(ConflictError, match="You cannot remove a running"):
            await remove(engine, container_id)
        await remove(engine, container_id, force=True)
        assert engine.store.container(container_id) is None
        assert not engine.container_folder(container_id).exists()
        assert not world.runtime.containers
        with pytest.raises(NotFoundError):
            await remove(engine, container_id)
