"""The way out, and that the host is left as it was."""

import subprocess

import pytest

from labkit.base.errors import UnavailableError
from labkit.network.uplink import choose_uplink_subnet, uplink_of
from tests.system.network.world import World, ip, make_network

pytestmark = pytest.mark.root


def test_the_pairs_subnet_avoids_what_is_occupied() -> None:
    first = choose_uplink_subnet("abc123", [])
    assert first == choose_uplink_subnet("abc123", [])
    assert choose_uplink_subnet("abc123", [first]) != first
    with pytest.raises(UnavailableError, match="no free /30"):
        choose_uplink_subnet("abc123", ["10.0.0.0/8"])


def test_the_two_ends_have_the_two_addresses() -> None:
    uplink = uplink_of("abc123", "10.189.0.5/30")
    assert (uplink.outside_address, uplink.inside_address) == (
        "10.189.0.5",
        "10.189.0.6",
    )
    assert (uplink.subnet, uplink.outside) == ("10.189.0.4/30", "labkit-abc123")


def test_the_next_daemon_finds_the_same_pair(world: World) -> None:
    name = f"labkit-{world.engine_id}"
    before = ip("-br", "addr", "show", name)
    world.service.close(keep=True)
    assert ip("-br", "addr", "show", name) == before
    world.reopen()
    assert ip("-br", "addr", "show", name) == before


def test_the_hosts_own_network_gets_no_route_through_us(world: World) -> None:
    routes = [r for r in ip("route").splitlines() if "labkit-" not in r]
    route = next(r for r in routes if "scope link" in r)
    subnet = route.split()[0]
    network = make_network("a", 29)
    taken = type(network.subnets[0])(subnet, "")
    clash = type(network)("c" * 64, "clash", "bridge", (taken,))
    before = ip("route", "get", subnet.partition("/")[0])
    world.service.ensure_network(clash)
    assert ip("route", "get", subnet.partition("/")[0]) == before
    world.service.remove_network(clash)


def test_a_network_of_the_hosts_that_comes_later_is_preferred(world: World) -> None:
    _, endpoint = world.join(make_network("a", 29))
    assert f"dev labkit-{world.engine_id}" in ip("route", "get", endpoint.ipv4)
    ip("link", "add", "lk-later", "type", "bridge")
    try:
        ip("addr", "add", "172.29.0.1/16", "dev", "lk-later")
        ip("link", "set", "lk-later", "up")
        assert "dev lk-later" in ip("route", "get", endpoint.ipv4)
    finally:
        ip("link", "del", "lk-later")
    assert f"dev labkit-{world.engine_id}" in ip("route", "get", endpoint.ipv4)


@pytest.mark.dockerd
def test_dockers_user_chain_has_our_rules_while_we_run(world: World) -> None:
    command = ["nft", "list", "chain", "ip", "filter", "DOCKER-USER"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("needs a dockerd that uses iptables-nft on this host")
    comment = f'comment "labkit_{world.engine_id}"'
    assert listed.stdout.count(comment) == 2
    world.service.close(keep=False)
    after = subprocess.run(command, capture_output=True, text=True, check=True)
    assert comment not in after.stdout
