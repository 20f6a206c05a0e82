"""What x-ray shows of interfaces."""

import os

import pytest

from labkit.kernel.netlink.transport import NETLINK_ROUTE, NetlinkSocket
from labkit.network.facts import look_at_interfaces
from labkit.network.inside import open_namespace, run_inside
from tests.system.network.world import World, make_network

pytestmark = pytest.mark.root


def test_each_end_is_found_from_the_other(world: World) -> None:
    one, _ = world.join(make_network("a", 29))
    world.join(make_network("b", 30), one, eth=1)
    namespace = open_namespace(one.pid)
    engine = os.open(world.service.namespace_path(), os.O_RDONLY | os.O_CLOEXEC)
    try:
        netlink = run_inside(engine, lambda: NetlinkSocket(NETLINK_ROUTE))
        with netlink:
            interfaces, routes = look_at_interfaces(namespace, netlink)
    finally:
        os.close(engine)
        os.close(namespace)
    found = {i.interface: (i.bridge, i.bridge_addresses[:1]) for i in interfaces}
    assert found == {
        "lo": ("", ()),
        "eth0": ("br-aaaaaaaaaaaa", ("172.29.0.1/16",)),
        "eth1": ("br-bbbbbbbbbbbb", ("172.30.0.1/16",)),
    }
    assert "default via 172.30.0.1 dev eth1" in routes
    assert "172.29.0.0/16 dev eth0" in routes
