"""A further network."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, LabError
from labkit.engine.engine import Engine
from labkit.engine.model import EndpointRequest, HostConfig
from labkit.engine.networks.connect import connect_network
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest, SubnetRequest
from labkit.network.model import PortBinding
from tests.unit.engine.lab import World, make, make_world, open_lab, run, told

NOTHING = EndpointRequest()


async def two_networks(engine: Engine) -> None:
    await create_network(engine, NetworkRequest("net"))
    request = NetworkRequest("own", subnets=(SubnetRequest("10.9.0.0/24"),))
    await create_network(engine, request)


def interfaces(world: World) -> dict[str, tuple[str, bool]]:
    return {
        name: (interface, route)
        for name, _, interface, route in world.network.plugged.values()
    }


async def test_plugs_a_running_container_in(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await two_networks(engine)
        container_id = await run(engine, "sleep", name="web")
        wish = EndpointRequest(aliases=("www",), ipv4="10.9.0.9")
        await connect_network(engine, "own", "web", wish)
        assert interfaces(world) == {"bridge": ("eth0", True), "own": ("eth1", False)}
        own = engine.store.find_network("own").network.id
        assert world.network.names[own]["www"] == ("10.9.0.9",)
        assert container_id in world.network.resolvers
        folder = engine.container_folder(container_id)
        assert "10.9.0.9\t" in (folder / "hosts").read_text()
        assert "127.0.0.11" in (folder / "resolv.conf").read_text()
        assert told(engine)[-1] == "network connect"


async def test_remembers_it_for_a_container_that_does_not_run(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await two_networks(engine)
        await make(engine, name="web")
        await connect_network(engine, "net", "web", NOTHING)
        await connect_network(engine, "net", "web", NOTHING)  # Docker allows it
        container = engine.store.find_container("web")
        assert [a.network_name for a in container.attachments] == ["bridge", "net"]
        assert not world.network.plugged


async def test_the_way_out_opens_the_ports(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await two_networks(engine)
        await create_network(engine, NetworkRequest("inner", internal=True))
        host = HostConfig(network_mode="inner", port_bindings=(PortBinding(80),))
        container_id = await run(engine, "sleep", host=host)
        assert not world.network.ports
        await connect_network(engine, "net", container_id, NOTHING)
        assert world.network.ports[container_id]
        assert interfaces(world)["net"] == ("eth1", True)


@pytest.mark.parametrize(
    ("network", "host", "wish", "text"),
    [
        ("ghost", HostConfig(), NOTHING, "network ghost not found"),
        (
            "bridge",
            HostConfig(),
            NOTHING,
            "endpoint with name web already exists in network bridge",
        ),
        (
            "host",
            HostConfig(),
            NOTHING,
            "cannot connect container to host network - container must be created in "
            "host network mode",
        ),
        (
            "net",
            HostConfig(network_mode="host"),
            NOTHING,
            "container sharing network namespace with another container or host "
            "cannot be connected to any other network",
        ),
        (
            "none",
            HostConfig(),
            NOTHING,
            "container cannot be connected to multiple networks with one of the "
            "networks in private (none) mode",
        ),
        (
            "net",
            HostConfig(),
            EndpointRequest(ipv4="10.9.0.9"),
            "user specified IP address is supported only when connecting to networks "
            "with user configured subnets",
        ),
        (
            "net",
            HostConfig(),
            EndpointRequest(mac_address="zz"),
            "address zz: invalid MAC address",
        ),
        (
            "bridge",
            HostConfig(network_mode="net"),
            EndpointRequest(aliases=("x",)),
            "network-scoped alias is supported only for containers in user defined "
            "networks",
        ),
    ],
)
async def test_refuses(
    tmp_path: Path, network: str, host: HostConfig, wish: EndpointRequest, text: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await two_networks(engine)
        await run(engine, "sleep", name="web", host=host)
        before = engine.store.find_container("web")
        with pytest.raises(LabError) as caught:
            await connect_network(engine, network, "web", wish)
        assert caught.value.message == text
        assert engine.store.find_container("web") == before


async def test_a_failure_is_undone(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await two_networks(engine)
        container_id = await run(engine, "sleep")
        world.network.fail_on = "serve_dns"
        with pytest.raises(InternalError):
            await connect_network(engine, "net", container_id, NOTHING)
        assert set(interfaces(world)) == {"bridge"}
        net = engine.store.find_network("net").network.id
        assert not engine.members.of(net)
        await connect_network(engine, "net", container_id, NOTHING)


async def test_a_network_that_sorts_first_becomes_the_way_out(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await create_network(engine, NetworkRequest("aaa"))
        container_id = await run(engine, "sleep")
        await connect_network(engine, "aaa", container_id, NOTHING)
        assert interfaces(world)["aaa"] == ("eth1", True)
