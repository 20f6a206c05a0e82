"""A container's place in a network: a veth pair from its namespace to the bridge.

    container's namespace            engine's namespace
       eth0  172.18.0.2/16  ========  veth4c1d2a7 --- bridge br-... 172.18.0.1

Both ends are made by one message (``kernel/netlink/links.py``). The container's
end gets its address and routes from a socket that was opened inside, in one batch.

When a container's last process ends, the kernel removes its namespace and with it both
ends, by itself and some milliseconds later, or much later, if it is busy or somebody
holds the namespace. Nobody waits for that: removing a veth synchronously costs twenty
milliseconds and more. But the pair leaves the bridge at once, which is cheap: the
next container gets the same address (and so the same MAC), and while both are plugged
in the bridge sends what is meant for the new one to the old one.
"""

import errno
import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass

from labkit.kernel.netlink.addresses import add_address, list_addresses
from labkit.kernel.netlink.links import (
    LOOPBACK_INDEX,
    create_veth,
    delete_link,
    isolate_port,
    leave_bridge,
    set_up,
)
from labkit.kernel.netlink.routes import add_route, delete_route, list_routes
from labkit.kernel.netlink.transport import NETLINK_ROUTE, NetlinkSocket, Request
from labkit.network.inside import open_namespace, run_inside, write_sysctl_if_there
from labkit.network.ipam import mac_of
from labkit.network.model import Endpoint, Network
from labkit.network.naming import has_icc, mtu_of, veth_name

_ANYWHERE, _ANYWHERE_IPV6 = "0.0.0.0/0", "::/0"
_LOOPBACK_AND_NEW = 2


@dataclass(frozen=True, slots=True)
class Plug:
    """How an endpoint is to be plugged in: the bridge, and the name inside."""

    network: Network
    bridge_index: int
    interface: str
    default_route: bool


def plug_in(
    engine: NetlinkSocket, endpoint: Endpoint, plug: Plug, namespace: int
) -> None:
    """Make the pair, plug one end into the bridge and set up the other.

    An interface of that name with that address is taken as this one, plugged in
    before: then only the default route is seen to.
    """
    name = veth_name(endpoint)
    mac = endpoint.mac_address or (mac_of(endpoint.ipv4) if endpoint.ipv4 else "")
    changes = [
        create_veth(
            name,
            plug.interface,
            namespace,
            mtu=mtu_of(plug.network),
            master=plug.bridge_index,
            peer_mac=mac,
        ),
    ]
    if not has_icc(plug.network):
        changes.append(isolate_port(name))
    try:
        engine.change(*changes)
    except OSError as error:
        # Looked at only now: nearly always the namespace is new and has lo only.
        if error.errno != errno.EEXIST or not _is_plugged_in(namespace, endpoint, plug):
            raise
        if plug.default_route:
            run_inside(namespace, lambda: _lead_out(endpoint, plug.interface))
        return
    with ExitStack() as undo:
        undo.callback(unplug, engine, endpoint)
        run_inside(namespace, lambda: _set_up_inside(endpoint, plug))
        undo.pop_all()


def _is_plugged_in(namespace: int, endpoint: Endpoint, plug: Plug) -> bool:
    """Is the interface that is in the way this very endpoint's?"""

    def look() -> bool:
        index = socket.if_nametoindex(plug.interface)
        with NetlinkSocket(NETLINK_ROUTE) as netlink:
            held = {a.address for a in list_addresses(netlink) if a.index == index}
        return endpoint.ipv4 in held

    return run_inside(namespace, look)


def _set_up_inside(endpoint: Endpoint, plug: Plug) -> None:
    """Address, routes and loopback, as seen from inside the container."""
    _choose_ipv6(plug.interface, bool(endpoint.ipv6))
    index = socket.if_nametoindex(plug.interface)
    changes = [set_up(LOOPBACK_INDEX, "lo")]
    if endpoint.ipv4:
        changes.append(add_address(index, endpoint.ipv4, endpoint.ipv4_prefix))
    if endpoint.ipv6:
        changes.append(add_address(index, endpoint.ipv6, endpoint.ipv6_prefix))
    changes.append(set_up(index, plug.interface))
    if plug.default_route:
        changes += _default_routes(endpoint, index)
    with NetlinkSocket(NETLINK_ROUTE) as netlink:
        if plug.default_route and not _is_first_network():
            _drop_default_routes(netlink)
        netlink.change(*changes)


def _lead_out(endpoint: Endpoint, interface: str) -> None:
    """Make an interface that is there already the way out."""
    index = socket.if_nametoindex(interface)
    with NetlinkSocket(NETLINK_ROUTE) as netlink:
        _drop_default_routes(netlink)
        netlink.change(*_default_routes(endpoint, index))


def _choose_ipv6(interface: str, wanted: bool) -> None:
    """Switch IPv6 off unless the network gives an address of that family.

    Otherwise programs would find ::1 and link-local addresses that lead nowhere; a
    Docker container has none of them either.
    """
    conf = "net/ipv6/conf"
    if wanted:
        write_sysctl_if_there(f"{conf}/lo/disable_ipv6", "0")
        write_sysctl_if_there(f"{conf}/{interface}/disable_ipv6", "0")
    elif _is_first_network():
        write_sysctl_if_there(f"{conf}/all/disable_ipv6", "1")
    else:
        write_sysctl_if_there(f"{conf}/{interface}/disable_ipv6", "1")


def _is_first_network() -> bool:
    """Is there nothing but lo and the interface that is being set up?"""
    return len(socket.if_nameindex()) <= _LOOPBACK_AND_NEW


def _default_routes(endpoint: Endpoint, index: int) -> list[Request]:
    routes = []
    if endpoint.gateway:
        routes.append(add_route(_ANYWHERE, endpoint.gateway, index))
    if endpoint.ipv6_gateway:
        routes.append(add_route(_ANYWHERE_IPV6, endpoint.ipv6_gateway, index))
    return routes


def _drop_default_routes(netlink: NetlinkSocket) -> None:
    """A network that takes over the way out replaces the one that had it."""
    for family, anywhere in (
        (socket.AF_INET, _ANYWHERE),
        (socket.AF_INET6, _ANYWHERE_IPV6),
    ):
        for route in list_routes(netlink, family):
            if route.destination == anywhere:
                netlink.change(delete_route(anywhere, route.gateway, route.interface))


def unplug(engine: NetlinkSocket, endpoint: Endpoint) -> None:
    """Remove the pair now; one that is gone already is fine."""
    engine.change(delete_link(veth_name(endpoint), tolerate=(errno.ENODEV,)))


def detach(engine: NetlinkSocket, endpoint: Endpoint) -> None:
    """Take the pair off its bridge and leave its removal to the kernel."""
    engine.change(leave_bridge(veth_name(endpoint), tolerate=(errno.ENODEV,)))


def bring_loopback_up(pid: int) -> None:
    """Give a container without networks its 127.0.0.1."""
    namespace = open_namespace(pid)
    try:
        run_inside(namespace, _loopback_up)
    finally:
        os.close(namespace)


def _loopback_up() -> None:
    write_sysctl_if_there("net/ipv6/conf/all/disable_ipv6", "1")
    with NetlinkSocket(NETLINK_ROUTE) as netlink:
        netlink.change(set_up(LOOPBACK_INDEX, "lo"))
