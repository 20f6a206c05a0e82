"""Stop, then start."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.engine.containers.kill import kill
from labkit.engine.containers.restart import restart
from labkit.engine.model import HostConfig, Status
from tests.unit.engine.lab import (
    make,
    make_world,
    open_lab,
    run,
    told,
)


async def test_restart_keeps_an_auto_remove_container(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep", host=HostConfig(auto_remove=True))
        await restart(engine, container_id)
        container = engine.store.find_container(container_id)
        assert container.status is Status.RUNNING
        assert container.host_config.auto_remove
        assert told(engine, "container")[-5:] == [
            "container kill",
            "container die",
            "container stop",
            "container start",
            "container restart",
        ]


async def test_restart_starts_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep")
        await restart(engine, container_id)
        assert engine.store.find_container(container_id).status is Status.RUNNING


async def test_a_failure_says_that_it_was_a_restart(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        owner = await run(engine, "sleep", name="owner")
        mode = HostConfig(network_mode=f"container:{owner}")
        await make(engine, "sleep", name="guest", host=mode)
        await kill(engine, owner, "KILL")
        with pytest.raises(InternalError) as caught:
            await restart(engine, "guest")
        assert caught.value.message == (
            "Cannot restart container guest: cannot join network of a non running "
            f"container: {owner}"
        )
