"""Plugging in: what is made, what is found, what is undone."""

import pytest

from tests.system.network.world import World, make_network

pytestmark = pytest.mark.root


def test_the_host_end_carries_the_endpoints_id(world: World) -> None:
    _, endpoint = world.join(make_network("a", 29))
    assert f"alias {endpoint.id}" in world.inside("ip", "link")


def test_a_second_connect_finds_the_first(world: World) -> None:
    network = make_network("a", 29)
    one, endpoint = world.join(network)
    world.service.connect(network, endpoint, one.pid, "eth0", default_route=True)
    assert world.inside("ip", "-br", "link").count("veth") == 1
    assert len(one.json("ip", "-j", "route", "show", "default")) == 1


def test_an_interface_of_somebody_else_is_in_the_way(world: World) -> None:
    network = make_network("a", 29)
    one, _ = world.join(network)
    with pytest.raises(OSError, match="create veth pair"):
        world.service.connect(
            network, world.endpoint(network), one.pid, "eth0", default_route=True
        )
    assert world.inside("ip", "-br", "link").count("veth") == 1


def test_without_ipv6_there_is_not_even_a_loopback_of_it(world: World) -> None:
    one, _ = world.join(make_network("a", 29))
    assert "inet6" not in one.run("ip", "addr").stdout


def test_a_network_without_the_way_out_gives_no_default_route(world: World) -> None:
    network = make_network("a", 29)
    one = world.container()
    world.service.ensure_network(network)
    world.service.connect(
        network, world.endpoint(network), one.pid, "eth0", default_route=False
    )
    assert one.json("ip", "-j", "route", "show", "default") == []
