"""The engine's namespace: its switches and its firewall."""

import pytest

from tests.system.network.world import World, make_network

pytestmark = pytest.mark.root


def test_only_the_engines_namespace_forwards_everything(world: World) -> None:
    world.service.ensure_network(make_network("a", 29))
    assert world.inside("cat", "/proc/sys/net/ipv4/ip_forward") == "1\n"


def test_the_firewall_follows_the_networks(world: World) -> None:
    one, two = make_network("a", 29), make_network("b", 30, internal=True)
    world.service.ensure_network(one)
    world.service.ensure_network(two)
    listed = world.inside("nft", "list", "table", "inet", "labkit")
    assert 'iifname "br-aaaaaaaaaaaa" oifname "uplink"' in listed
    assert 'iifname "br-bbbbbbbbbbbb" oifname "uplink"' not in listed
    world.service.remove_network(one)
    assert "br-aaaaaaaaaaaa" not in world.inside("nft", "list", "ruleset")
    assert world.service.warnings == ()
