"""Removing networks."""

from pathlib import Path

import pytest

from labkit.base.errors import ForbiddenError, NotFoundError
from labkit.engine.containers.stop import stop
from labkit.engine.model import HostConfig
from labkit.engine.networks.create import create_network
from labkit.engine.networks.remove import remove_network
from labkit.engine.networks.request import NetworkRequest
from tests.unit.engine.lab import make_world, open_lab, run, told


async def test_removes(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        await remove_network(engine, created.id[:8])
        assert created.id not in world.network.networks
        assert told(engine)[-1] == "network destroy"
        with pytest.raises(NotFoundError, match="network net not found"):
            await remove_network(engine, "net")


async def test_refuses_while_somebody_is_in(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        host = HostConfig(network_mode="net")
        container_id = await run(engine, "sleep", host=host)
        with pytest.raises(ForbiddenError) as caught:
            await remove_network(engine, "net")
        assert caught.value.message == (
            f"error while removing network: network net id {created.id} has active "
            "endpoints"
        )
        await stop(engine, container_id)
        await remove_network(engine, "net")


@pytest.mark.parametrize("name", ["bridge", "host", "none"])
async def test_refuses_what_every_engine_has(tmp_path: Path, name: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(ForbiddenError, match=f"{name} is a pre-defined network"):
            await remove_network(engine, name)
