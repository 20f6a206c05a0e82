"""Plugging in: what is made, what is found, what is undone."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.ids import new_id
from labkit.network.model import PortBinding
from tests.system.network.world import World, curl, make_network
from tests.waiting import wait_until

pytestmark = pytest.mark.root


def test_the_host_end_is_named_after_the_endpoint(world: World) -> None:
    _, endpoint = world.join(make_network("a", 29))
    assert f"veth{endpoint.id[:7]}" in world.inside("ip", "-br", "link")


def test_an_address_is_free_for_another_though_its_namespace_lives_on(
    world: World, tmp_path: Path
) -> None:
    network = make_network("a", 29)
    old, first = world.join(network)
    assert old.reaches("172.29.0.1")  # the bridge knows by now who is behind which port
    # The container has ended, and somebody holds its namespace: a learner's nsenter.
    world.service.disconnect(network, first, None)
    new = world.container()
    second = replace(first, id=new_id(), container_id="new")
    world.service.connect(network, second, new.pid, "eth0", default_route=True)
    world.web(new, "the new one", tmp_path)
    (row, *_) = world.service.publish("new", second, "new", (PortBinding(80),))
    assert curl(f"http://127.0.0.1:{row.host_port}/") == "the new one"


def test_a_connection_that_was_cut_holds_no_interface_for_long(world: World) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    two, second = world.join(network)
    hold = ("-e", "cat")  # each end is a program that waits for the other one
    hears = world.start(two, "busybox", "nc", "-l", "-p", "7", *hold)
    wait_until(lambda: "LISTEN" in two.run("ss", "-tln").stdout, "it listens")
    asks = world.start(one, "busybox", "nc", second.ipv4, "7", *hold)
    wait_until(lambda: "ESTAB" in two.run("ss", "-tn").stdout, "they are connected")
    for endpoint in (first, second):
        world.service.disconnect(network, endpoint, None)
    for process in (hears, asks):
        process.kill()
        process.wait()
    for container in (one, two):
        container.end()
    wait_until(lambda: "veth" not in world.inside("ip", "link"), "the pairs are gone")


def test_a_namespace_that_goes_on_loses_the_interface(world: World) -> None:
    network = make_network("a", 29)
    one, endpoint = world.join(network)
    world.service.disconnect(network, endpoint, one.pid)
    assert [link["ifname"] for link in one.json("ip", "-j", "link")] == ["lo"]


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
