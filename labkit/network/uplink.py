"""The way out: one veth pair between the host's namespace and the engine's.

    host's namespace                            engine's namespace
      labkit-3fa2c1  10.189.12.1/30 ========= uplink  10.189.12.2/30   bridges ...
      routes: container subnets via .2         default route via .1
      table labkit_3fa2c1: masquerade          table labkit: masquerade

The host is turned into a router as little as possible: forwarding is switched on for
the uplink and for the interfaces that carry a default route (packets that come *back*
arrive there), never globally. What was off before is noted in a file under /run that
all engines of the machine share; the last one to leave switches it off again.

A dockerd on the same host drops what it doesn't know (chain FORWARD, policy drop).
Where its chain DOCKER-USER exists, two rules with our table's name as comment let our
traffic through; they go when the uplink goes.
"""

import errno
import hashlib
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from labkit.base.errors import UnavailableError
from labkit.kernel.netlink.addresses import add_address, list_addresses
from labkit.kernel.netlink.links import (
    LOOPBACK_INDEX,
    create_veth,
    delete_link,
    get_link,
    list_links,
    set_up,
)
from labkit.kernel.netlink.nftables import (
    Family,
    commit,
    delete_rule,
    insert_rule,
    list_rules,
    remove_table,
    replace_table,
)
from labkit.kernel.netlink.routes import (
    Route,
    add_route,
    delete_route,
    list_routes,
)
from labkit.kernel.netlink.transport import NetlinkSocket
from labkit.network.bridge import find_link
from labkit.network.inside import run_inside, write_sysctl, write_sysctl_if_there
from labkit.network.naming import (
    DEFAULT_MTU,
    UPLINK_INSIDE,
    UPLINK_PREFIX,
    host_table,
    uplink_outside,
)
from labkit.network.rules import (
    HOST_CHAINS,
    Uplink,
    docker_user_rules,
    host_rules,
)

UPLINK_POOL = ipaddress.IPv4Network("10.189.0.0/16")
NOTES = Path("/run/labkit/forwarding")
_ANYWHERE = "0.0.0.0/0"
_PAIR_PREFIX = 30
_LAST_METRIC = 0xFFFF_FFFF


def ensure_uplink(
    host: NetlinkSocket, engine: NetlinkSocket, namespace: int, engine_id: str
) -> Uplink:
    """Make the pair with its addresses and routes, or read the one that is there."""
    name = uplink_outside(engine_id)
    link = find_link(host, name)
    if link is not None and find_link(engine, UPLINK_INSIDE) is None:
        # Left behind by a namespace that is on its way out; not ours any more.
        host.change(delete_link(name, tolerate=(errno.ENODEV,)))
        link = None
    if link is not None:
        for held in list_addresses(host):
            if held.index == link.index and held.prefix == _PAIR_PREFIX:
                return uplink_of(engine_id, held.text)
    subnet = choose_uplink_subnet(engine_id, occupied_subnets(host))
    uplink = uplink_of(engine_id, subnet)
    if link is None:
        host.change(create_veth(name, UPLINK_INSIDE, namespace, mtu=DEFAULT_MTU))
    _configure(host, engine, namespace, uplink)
    return uplink


def _configure(
    host: NetlinkSocket, engine: NetlinkSocket, namespace: int, uplink: Uplink
) -> None:
    outside = get_link(host, uplink.outside).index
    inside = get_link(engine, UPLINK_INSIDE).index
    write_sysctl_if_there(f"net/ipv6/conf/{uplink.outside}/disable_ipv6", "1")
    write_sysctl(f"net/ipv4/conf/{uplink.outside}/forwarding", "1")
    run_inside(
        namespace,
        lambda: write_sysctl_if_there(
            f"net/ipv6/conf/{UPLINK_INSIDE}/disable_ipv6", "1"
        ),
    )
    host.change(
        add_address(outside, uplink.outside_address, _PAIR_PREFIX),
        set_up(outside, uplink.outside),
    )
    engine.change(
        set_up(LOOPBACK_INDEX, "lo"),
        add_address(inside, uplink.inside_address, _PAIR_PREFIX),
        set_up(inside, UPLINK_INSIDE),
        add_route(_ANYWHERE, uplink.outside_address, inside),
    )


def uplink_of(engine_id: str, subnet: str) -> Uplink:
    network = ipaddress.IPv4Network(subnet, strict=False)
    return Uplink(
        uplink_outside(engine_id), str(network), str(network[1]), str(network[2])
    )


def choose_uplink_subnet(engine_id: str, occupied: Iterable[str]) -> str:
    """Return a /30 that overlaps nothing the host knows of.

    The search begins at a place that depends on the engine, so that two engines that
    start at the same moment hardly ever choose the same.
    """
    others = [ipaddress.IPv4Network(subnet, strict=False) for subnet in occupied]
    count = UPLINK_POOL.num_addresses // 4
    digest = hashlib.sha256(engine_id.encode()).digest()
    start = int.from_bytes(digest[:4], "big") % count
    base = int(UPLINK_POOL.network_address)
    for step in range(count):
        first = base + 4 * ((start + step) % count)
        candidate = ipaddress.IPv4Network((first, _PAIR_PREFIX))
        if not any(candidate.overlaps(other) for other in others):
            return str(candidate)
    raise UnavailableError(f"no free /{_PAIR_PREFIX} in {UPLINK_POOL} for the uplink")


def occupied_subnets(host: NetlinkSocket, except_interface: int = 0) -> list[str]:
    """List what the host's routes and addresses reach, the default route left out."""
    found = {
        route.destination
        for route in list_routes(host)
        if route.destination != _ANYWHERE and route.interface != except_interface
    }
    for held in list_addresses(host):
        address = ipaddress.ip_address(held.address)
        if address.version == 4 and held.index != except_interface:
            found.add(str(ipaddress.ip_network(held.text, strict=False)))
    return sorted(found)


def ensure_host_routes(
    host: NetlinkSocket, uplink: Uplink, subnets: Sequence[str]
) -> None:
    """Let the host reach the containers' addresses, and nothing else of the pool.

    A subnet that overlaps what the host reaches otherwise gets no route: the user may
    have asked for the office's own network, and the host must not lose its way there.
    Who comes later is preferred to us: a dockerd gives its networks the same subnets,
    and older ones don't look at the host's routes first.
    """
    index = get_link(host, uplink.outside).index
    occupied = [*occupied_subnets(host, except_interface=index), uplink.subnet]
    elsewhere = [ipaddress.ip_network(subnet) for subnet in occupied]
    wanted = {
        subnet
        for subnet in subnets
        if not any(ipaddress.ip_network(subnet).overlaps(o) for o in elsewhere)
    }
    present = {r.destination for r in _own_routes(host, uplink, index)}
    gateway = uplink.inside_address
    host.change(
        # Another engine may have been faster with the same subnet: then it is theirs.
        *(
            replace(
                add_route(subnet, gateway, index, _LAST_METRIC),
                tolerate=(errno.EEXIST,),
            )
            for subnet in sorted(wanted - present)
        ),
        *(delete_route(subnet, gateway, index) for subnet in sorted(present - wanted)),
    )


def _own_routes(host: NetlinkSocket, uplink: Uplink, index: int) -> list[Route]:
    return [
        route
        for route in list_routes(host)
        if route.interface == index and route.gateway == uplink.inside_address
    ]


def ensure_egress(host: NetlinkSocket, firewall: NetlinkSocket, uplink: Uplink) -> None:
    """Masquerade towards the world, and have the answers forwarded."""
    name = host_table(uplink.outside.removeprefix(UPLINK_PREFIX))
    replace_table(firewall, Family.IP, name, HOST_CHAINS, host_rules(uplink))
    _ensure_docker_user(firewall, uplink, name)
    for interface in _ways_out(host):
        switch = f"net/ipv4/conf/{interface}/forwarding"
        if Path("/proc/sys", switch).read_text().strip() == "0":
            NOTES.mkdir(parents=True, exist_ok=True)
            (NOTES / interface).touch()
            write_sysctl(switch, "1")


def _ways_out(host: NetlinkSocket) -> set[str]:
    return {
        socket.if_indextoname(route.interface)
        for route in list_routes(host)
        if route.destination == _ANYWHERE
    }


def _ensure_docker_user(firewall: NetlinkSocket, uplink: Uplink, comment: str) -> None:
    found = list_rules(firewall, Family.IP, "filter", "DOCKER-USER")
    if found is None or any(rule.comment == comment for rule in found):
        return
    commit(
        firewall,
        [
            insert_rule(Family.IP, "filter", rule, comment)
            for rule in docker_user_rules(uplink)
        ],
    )


def remove_uplink(host: NetlinkSocket, firewall: NetlinkSocket, engine_id: str) -> None:
    """Remove pair, routes, rules and table: nothing of this engine is left outside."""
    name = uplink_outside(engine_id)
    table = host_table(engine_id)
    host.change(delete_link(name, tolerate=(errno.ENODEV,)))  # its routes go, too
    found = list_rules(firewall, Family.IP, "filter", "DOCKER-USER") or []
    ours = [rule for rule in found if rule.comment == table]
    if ours:
        commit(
            firewall,
            [
                delete_rule(Family.IP, "filter", "DOCKER-USER", rule.handle)
                for rule in ours
            ],
        )
    remove_table(firewall, Family.IP, table)
    if not any(link.name.startswith(UPLINK_PREFIX) for link in list_links(host)):
        _switch_forwarding_back()


def _switch_forwarding_back() -> None:
    if not NOTES.exists():
        return
    for note in NOTES.iterdir():
        write_sysctl_if_there(f"net/ipv4/conf/{note.name}/forwarding", "0")
        note.unlink()
    NOTES.rmdir()
