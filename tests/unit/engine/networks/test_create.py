"""Making networks."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, ForbiddenError, InternalError, LabError
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest, SubnetRequest
from tests.unit.engine.lab import make_world, open_lab, told


async def test_takes_the_next_free_default_subnet(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.network.routes = ("0.0.0.0/0", "172.18.5.0/24")
    async with open_lab(world) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        record = engine.store.find_network("net")
        assert record.network.id == created.id
        (subnet,) = record.network.subnets
        assert (subnet.subnet, subnet.gateway) == ("172.19.0.0/16", "172.19.0.1")
        assert created.id in world.network.networks
        assert told(engine) == ["network create"]


async def test_ipv6_needs_no_subnet(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        found = []
        for name in ("one", "two"):
            await create_network(engine, NetworkRequest(name, enable_ipv6=True))
            found += engine.store.find_network(name).network.subnets
        kinds = [":" in subnet.subnet for subnet in found]
        assert kinds == [False, True, False, True]
        assert len({subnet.subnet for subnet in found}) == 4


async def test_keeps_what_was_asked(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        request = NetworkRequest(
            "net",
            subnets=(SubnetRequest("10.9.0.0/24", "10.9.0.254", "10.9.0.128/25"),),
            internal=True,
            labels={"a": "b"},
            options={"com.docker.network.driver.mtu": "1400"},
        )
        await create_network(engine, request)
        record = engine.store.find_network("net")
        assert record.network.internal
        assert record.chosen_subnet
        assert record.labels == {"a": "b"}
        assert record.network.subnets[0].gateway == "10.9.0.254"


@pytest.mark.parametrize(
    ("network", "text"),
    [
        (
            NetworkRequest("bridge"),
            "operation is not permitted on predefined bridge network ",
        ),
        (
            NetworkRequest("n2", "host"),
            'only one instance of "host" network is allowed',
        ),
        (NetworkRequest("n2", "nosuch"), 'plugin "nosuch" not found'),
        (
            NetworkRequest("n2", "macvlan"),
            "this engine has no macvlan networks: its networks live in a namespace of "
            "their own, where no card of the machine is to build upon",
        ),
        (
            NetworkRequest("n2", subnets=(SubnetRequest("172.17.8.0/24"),)),
            "Pool overlaps with other one on this address space",
        ),
        (
            NetworkRequest("n2", subnets=(SubnetRequest("10.7.0.0/24", "10.8.0.1"),)),
            "no matching subnet for gateway 10.8.0.1",
        ),
        (
            NetworkRequest(" "),
            "network name cannot be empty or contain only whitespace",
        ),
    ],
)
async def test_refuses(tmp_path: Path, network: NetworkRequest, text: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(LabError) as caught:
            await create_network(engine, network)
        assert caught.value.message == text
        assert len(engine.store.networks()) == 3


async def test_two_networks_have_two_bridges(tmp_path: Path) -> None:
    option = {"com.docker.network.bridge.name": "docker0"}
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(ForbiddenError, match="networks have same bridge name"):
            await create_network(engine, NetworkRequest("net", options=option))
        assert engine.store.network_named("net") is None


async def test_refuses_a_name_that_is_taken(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, NetworkRequest("net"))
        with pytest.raises(ConflictError, match="network with name net already exists"):
            await create_network(engine, NetworkRequest("net"))


async def test_a_bridge_that_cannot_be_made_is_no_network(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        world.network.fail_on = "ensure_network"
        with pytest.raises(InternalError):
            await create_network(engine, NetworkRequest("net"))
        assert engine.store.network_named("net") is None
        await create_network(engine, NetworkRequest("net"))


async def test_runs_out_of_defaults(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.network.routes = ("172.16.0.0/12", "192.168.0.0/16")
    with pytest.raises(ForbiddenError, match="could not find an available"):
        async with open_lab(world):
            pass
