"""A network's bridge: the switch that its containers are plugged into.

The bridge itself has the gateway's address: it is a switch with one more port, and
behind that port is the namespace's own IP stack.
"""

import errno
import ipaddress

from labkit.kernel.netlink.addresses import add_address
from labkit.kernel.netlink.links import (
    Link,
    create_bridge,
    delete_link,
    get_link,
    set_up,
)
from labkit.kernel.netlink.transport import NetlinkSocket
from labkit.network.model import Network
from labkit.network.naming import bridge_mac, bridge_name, mtu_of


def ensure_bridge(netlink: NetlinkSocket, network: Network) -> Link:
    """Make the bridge with its addresses, or complete the one that is there."""
    name = bridge_name(network)
    link = find_link(netlink, name)
    if link is None:
        netlink.change(create_bridge(name, bridge_mac(network), mtu_of(network)))
        link = get_link(netlink, name)
    changes = [
        add_address(
            link.index,
            subnet.gateway,
            ipaddress.ip_network(subnet.subnet, strict=False).prefixlen,
        )
        for subnet in network.subnets
        if subnet.gateway
    ]
    netlink.change(*changes, set_up(link.index, name))
    return link


def remove_bridge(netlink: NetlinkSocket, network: Network) -> None:
    """Remove the bridge; one that is gone already is fine."""
    netlink.change(delete_link(bridge_name(network), tolerate=(errno.ENODEV,)))


def find_link(netlink: NetlinkSocket, name: str) -> Link | None:
    try:
        return get_link(netlink, name)
    except OSError as error:
        if error.errno == errno.ENODEV:
            return None
        raise
