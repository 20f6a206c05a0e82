"""What `labkit xray` shows of a container's network: the kernel's own words."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from labkit.kernel.netlink.addresses import list_addresses
from labkit.kernel.netlink.links import Link, list_links
from labkit.kernel.netlink.routes import list_routes
from labkit.kernel.netlink.transport import NETLINK_ROUTE, NetlinkSocket
from labkit.network.holdings import Holdings
from labkit.network.inside import open_namespace, run_inside
from labkit.network.rules import engine_rules, host_rules
from labkit.network.space import EngineSpace


@dataclass(frozen=True, slots=True)
class InterfaceFacts:
    """One interface of a container and the way from it to its bridge."""

    interface: str
    index: int
    mac: str
    mtu: int
    addresses: tuple[str, ...]
    peer: str = ""  # the veth's other end, in the engine's namespace
    peer_index: int = 0
    bridge: str = ""
    bridge_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """Everything about one container's network that can be looked at."""

    namespace: str  # where `labkit engine enter` leads
    interfaces: tuple[InterfaceFacts, ...] = ()
    routes: tuple[str, ...] = ()  # as `ip route` writes them
    rules: tuple[str, ...] = ()  # as `nft` writes them
    host_rules: tuple[str, ...] = ()
    names: dict[str, tuple[str, ...]] | None = None  # None: no name server
    upstream: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to look at."""

    container_id: str
    pid: int


@dataclass(frozen=True, slots=True)
class _Inside:
    links: list[Link]
    addresses: dict[int, tuple[str, ...]]
    routes: tuple[str, ...]


def gather_facts(
    subject: Subject, namespace_path: Path, space: EngineSpace, held: Holdings
) -> NetworkFacts:
    """Look into the container, into the engine's namespace and at what netd holds."""
    namespace = open_namespace(subject.pid)
    try:
        interfaces, routes = look_at_interfaces(namespace, space.engine)
    finally:
        os.close(namespace)
    _, resolver = held.resolvers.get(subject.container_id, (0, None))
    outside = host_rules(space.uplink) if space.uplink else []
    inside = engine_rules(held.networks.values(), space.uplink)
    return NetworkFacts(
        namespace=str(namespace_path),
        interfaces=interfaces,
        routes=routes,
        rules=tuple(f"{rule.chain}: {rule.text}" for rule in inside),
        host_rules=tuple(f"{rule.chain}: {rule.text}" for rule in outside),
        names=held.names_seen_by(resolver),
        upstream=resolver.upstream if resolver else (),
        ports=tuple(str(port) for port in held.ports.get(subject.container_id, ())),
    )


def look_at_interfaces(
    namespace: int, engine: NetlinkSocket
) -> tuple[tuple[InterfaceFacts, ...], tuple[str, ...]]:
    """Return a container's interfaces, each with its other end, and its routes."""
    inside = run_inside(namespace, _look_inside)
    outside = {link.index: link for link in list_links(engine)}
    held = _addresses_by_index(engine)
    return tuple(
        _describe(link, inside, outside, held) for link in inside.links
    ), inside.routes


def _look_inside() -> _Inside:
    with NetlinkSocket(NETLINK_ROUTE) as netlink:
        links = list_links(netlink)
        names = {link.index: link.name for link in links}
        routes = []
        for family in (socket.AF_INET, socket.AF_INET6):
            for route in list_routes(netlink, family):
                where = "default" if route.destination.endswith("/0") else ""
                via = f" via {route.gateway}" if route.gateway else ""
                device = names.get(route.interface, "?")
                routes.append(f"{where or route.destination}{via} dev {device}")
        return _Inside(links, _addresses_by_index(netlink), tuple(routes))


def _addresses_by_index(netlink: NetlinkSocket) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for held in list_addresses(netlink):
        found[held.index] = (*found.get(held.index, ()), held.text)
    return found


def _describe(
    link: Link,
    inside: _Inside,
    outside: dict[int, Link],
    held: dict[int, tuple[str, ...]],
) -> InterfaceFacts:
    # A veth names the other end's index; lo names nobody (its own, on some kernels).
    peer = outside.get(link.peer_index) if link.kind == "veth" else None
    bridge = outside.get(peer.master) if peer is not None else None
    return InterfaceFacts(
        interface=link.name,
        index=link.index,
        mac=link.mac,
        mtu=link.mtu,
        addresses=inside.addresses.get(link.index, ()),
        peer=peer.name if peer else "",
        peer_index=peer.index if peer else 0,
        bridge=bridge.name if bridge else "",
        bridge_addresses=held.get(bridge.index, ()) if bridge else (),
    )
