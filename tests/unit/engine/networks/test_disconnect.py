"""Leaving a network."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, NotFoundError
from labkit.engine.model import EndpointRequest, HostConfig
from labkit.engine.networks.connect import connect_network
from labkit.engine.networks.create import create_network
from labkit.engine.networks.disconnect import disconnect_network
from labkit.engine.networks.request import NetworkRequest
from labkit.network.model import PortBinding
from tests.unit.engine.lab import make, make_world, open_lab, run, told


async def test_unplugs_a_running_container(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        host = HostConfig(network_mode="net")
        container_id = await run(engine, "sleep", name="web", host=host)
        await disconnect_network(engine, "net", "web")
        assert not world.network.plugged
        assert world.network.names[created.id] == {}
        assert container_id not in world.network.resolvers
        assert engine.store.find_container("web").attachments == ()
        assert told(engine)[-1] == "network disconnect"


async def test_the_address_is_free_when_the_interface_is_gone(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        created = await create_network(engine, NetworkRequest("net"))
        await run(engine, "sleep", name="web", host=HostConfig(network_mode="net"))
        held: list[str] = []
        world.network.on_disconnect = lambda: held.extend(
            engine.members.addresses(created.id)
        )
        await disconnect_network(engine, "net", "web")
        assert len(held) == 1
        assert not list(engine.members.addresses(created.id))


async def test_ports_move_to_the_network_that_is_left(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await create_network(engine, NetworkRequest("net"))
        host = HostConfig(port_bindings=(PortBinding(80, host_port=8080),))
        container_id = await run(engine, "sleep", host=host)
        await connect_network(engine, "net", container_id, EndpointRequest())
        await disconnect_network(engine, "bridge", container_id)
        assert world.network.ports[container_id][0].host_port == 8080
        (place,) = world.network.plugged.values()
        assert (place[0], place[2:]) == ("net", ("eth1", True))
        await disconnect_network(engine, "net", container_id)
        assert container_id not in world.network.ports


@pytest.mark.parametrize(("running", "article"), [(True, ""), (False, "the ")])
async def test_refuses_a_stranger(tmp_path: Path, running: bool, article: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, NetworkRequest("net"))
        container_id = await (run if running else make)(engine, "sleep")
        with pytest.raises(InternalError) as caught:
            await disconnect_network(engine, "net", container_id)
        assert caught.value.message == (
            f"container {container_id} is not connected to {article}network net"
        )


async def test_force_names_the_endpoint_that_is_not_there(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError):
            await disconnect_network(engine, "bridge", "ghost")
        with pytest.raises(NotFoundError, match="endpoint ghost not found"):
            await disconnect_network(engine, "bridge", "ghost", force=True)
