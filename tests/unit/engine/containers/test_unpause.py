"""Thawing."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError
from labkit.engine.containers.pause import pause
from labkit.engine.containers.unpause import unpause
from labkit.engine.model import Status
from tests.unit.engine.lab import make_world, open_lab, run, told


async def test_goes_on(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
        await unpause(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.RUNNING
        assert told(engine)[-2:] == ["container pause", "container unpause"]


async def test_refuses_what_is_not_paused(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        with pytest.raises(ConflictError, match=f"Container {container_id} is not pau"):
            await unpause(engine, container_id)
