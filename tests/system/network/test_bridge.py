"""Bridges: made, completed, kept."""

from dataclasses import replace

import pytest

from labkit.network.model import Subnet
from tests.system.network.world import World, make_network

pytestmark = pytest.mark.root


def test_a_bridge_is_completed_where_something_is_missing(world: World) -> None:
    network = make_network("a", 29)
    world.service.ensure_network(network)
    world.inside("ip", "addr", "flush", "dev", "br-aaaaaaaaaaaa")
    world.inside("ip", "link", "set", "br-aaaaaaaaaaaa", "down")
    world.service.ensure_network(network)
    shown = world.inside("ip", "addr", "show", "br-aaaaaaaaaaaa")
    assert "172.29.0.1/16" in shown
    assert ",UP" in shown


def test_a_bridge_keeps_its_mac_when_containers_come(world: World) -> None:
    network = make_network("a", 29)
    world.service.ensure_network(network)
    before = mac_of_bridge(world)
    world.join(network)
    assert mac_of_bridge(world) == before


def mac_of_bridge(world: World) -> str:
    return world.inside("ip", "-br", "link", "show", "br-aaaaaaaaaaaa").split()[2]


def test_a_bridge_holds_the_gateway_of_every_subnet(world: World) -> None:
    network = replace(
        make_network("a", 29),
        subnets=(
            Subnet("172.29.0.0/16", "172.29.0.1"),
            Subnet("172.30.0.0/24", "172.30.0.254"),
        ),
    )
    world.service.ensure_network(network)
    shown = world.inside("ip", "-br", "addr", "show", "br-aaaaaaaaaaaa")
    assert "172.29.0.1/16" in shown
    assert "172.30.0.254/24" in shown
