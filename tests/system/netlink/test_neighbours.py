"""Neighbour entries that ip wrote."""

import pytest

from labkit.kernel.netlink.links import get_link
from labkit.kernel.netlink.neighbours import Neighbour, list_neighbours
from labkit.kernel.netlink.transport import NETLINK_ROUTE
from tests.system.netlink.namespaces import namespace

pytestmark = pytest.mark.root


def test_reads_what_ip_wrote() -> None:
    with namespace() as place, place.open(NETLINK_ROUTE) as netlink:
        place.run("ip", "link", "add", "br1", "type", "bridge")
        place.run("ip", "link", "set", "br1", "up")
        place.run(
            "ip", "neigh", "add", "10.9.0.2", "lladdr", "02:42:0a:09:00:02",
            "dev", "br1",
        )  # fmt: skip
        # The kernel adds multicast groups of its own.
        (found,) = [n for n in list_neighbours(netlink) if n.address == "10.9.0.2"]
        index = get_link(netlink, "br1").index
        assert found == Neighbour(index, "10.9.0.2", "02:42:0a:09:00:02")
