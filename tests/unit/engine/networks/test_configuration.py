"""Networks that are settings for other networks."""

from pathlib import Path

import pytest

from labkit.base.errors import ForbiddenError, NotFoundError
from labkit.engine.endpoints import check_request
from labkit.engine.model import EndpointRequest
from labkit.engine.networks.create import create_network
from labkit.engine.networks.prune import prune_networks
from labkit.engine.networks.remove import remove_network
from labkit.engine.networks.request import NetworkRequest, SubnetRequest
from tests.unit.engine.lab import make_world, open_lab

_SETTINGS = NetworkRequest(
    "settings",
    subnets=(SubnetRequest("10.9.0.0/24"),),
    labels={"a": "b"},
    options={"com.docker.network.driver.mtu": "1400"},
    config_only=True,
)


async def test_is_no_bridge_and_takes_no_addresses(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        created = await create_network(engine, _SETTINGS)
        record = engine.store.find_network("settings")
        assert record.network.driver == "null"
        assert record.network.subnets[0].gateway == ""
        assert created.id not in world.network.networks
        with pytest.raises(ForbiddenError, match="configuration-only network"):
            check_request(record, EndpointRequest())


async def test_another_network_follows_it(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, _SETTINGS)
        await create_network(engine, NetworkRequest("net", config_from="settings"))
        record = engine.store.find_network("net")
        (subnet,) = record.network.subnets
        assert (subnet.subnet, subnet.gateway) == ("10.9.0.0/24", "10.9.0.1")
        assert record.labels == {"a": "b"}
        assert record.network.options == _SETTINGS.options
        assert record.config_from == "settings"


@pytest.mark.parametrize("name", ["nosuch", "bridge"])
async def test_refuses_to_follow_what_is_none(tmp_path: Path, name: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError, match=f'"{name}" does not exist'):
            await create_network(engine, NetworkRequest("net", config_from=name))


async def test_stays_while_it_is_followed(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, _SETTINGS)
        await create_network(engine, NetworkRequest("net", config_from="settings"))
        with pytest.raises(ForbiddenError, match='network "settings" is in use'):
            await remove_network(engine, "settings")
        assert (await prune_networks(engine, {})).deleted == ("net",)
        await remove_network(engine, "settings")
