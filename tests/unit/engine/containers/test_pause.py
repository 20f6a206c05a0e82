"""The freezer."""

from pathlib import Path

import pytest

from labkit.base.errors import (
    ConflictError,
)
from labkit.engine.containers.pause import pause
from labkit.engine.containers.unpause import unpause
from labkit.engine.model import Status
from tests.unit.engine.lab import (
    make_world,
    open_lab,
    run,
)


async def test_pause_and_unpause(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.PAUSED
        with pytest.raises(ConflictError, match="is already paused"):
            await pause(engine, container_id)
        await unpause(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.RUNNING
