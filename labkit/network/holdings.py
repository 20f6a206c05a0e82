"""What netd holds for us, and how a new netd is told it all again."""

import os
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from labkit.base.errors import ConflictError
from labkit.network.dns_sockets import open_dns_sockets
from labkit.network.inside import open_namespace, run_inside
from labkit.network.messages import (
    MOST_FDS,
    Answer,
    Names,
    RelayedPort,
    Request,
    Verb,
)
from labkit.network.model import Endpoint, Network, PortBinding, Resolver
from labkit.network.naming import binding_address
from labkit.network.netd_client import NetdClient
from labkit.network.ports import (
    bind_ports,
    listen,
    reserve,
    rows_of,
    with_default_address,
)


@dataclass(slots=True)
class Holdings:
    """A mirror of netd, kept by the daemon."""

    networks: dict[str, Network] = field(default_factory=dict)
    names: dict[str, Names] = field(default_factory=dict)
    resolvers: dict[str, tuple[int, Resolver]] = field(default_factory=dict)
    ports: dict[str, tuple[RelayedPort, ...]] = field(default_factory=dict)

    def adopt(self, hello: Answer) -> None:
        """Learn what a netd that was there before us holds.

        Of its name servers it isn't known for which process they were made: 0.
        """
        self.networks = {network.id: network for network in hello.networks}
        self.names = {names.network_id: names for names in hello.names}
        self.ports = dict(hello.relayed)
        self.resolvers = {key: (0, value) for key, value in hello.resolvers.items()}

    def confine(self, resolver: Resolver) -> Resolver:
        """Leave out the host's resolvers if all of the networks are internal."""
        networks = [self.networks.get(i) for i in resolver.network_ids]
        if networks and all(n is not None and n.internal for n in networks):
            return replace(resolver, upstream=())
        return resolver

    def serve_dns(
        self, netd: NetdClient, container_id: str, pid: int, resolver: Resolver
    ) -> None:
        """Give the server that is there other orders, or open one."""
        resolver = self.confine(resolver)
        known_pid, _ = self.resolvers.get(container_id, (-1, resolver))
        if known_pid not in (0, pid) or not change_resolver(
            netd, container_id, resolver
        ):
            hand_in_dns(netd, container_id, pid, resolver)
        self.resolvers[container_id] = (pid, resolver)

    def with_default_address(
        self, endpoint: Endpoint, bindings: tuple[PortBinding, ...]
    ) -> tuple[PortBinding, ...]:
        """Put the network's ``host_binding_ipv4`` where no host address was said."""
        network = self.networks.get(endpoint.network_id)
        address = binding_address(network) if network else ""
        return tuple(with_default_address(bindings, address))

    def names_seen_by(
        self, resolver: Resolver | None
    ) -> dict[str, tuple[str, ...]] | None:
        """Join the tables that a container's server looks into, the first one first."""
        if resolver is None:
            return None
        seen: dict[str, tuple[str, ...]] = {}
        for network_id in reversed(resolver.network_ids):
            if network_id in self.names:
                seen |= self.names[network_id].names
        return seen

    def replay(self, netd: NetdClient) -> None:
        """Tell a new netd everything: the old one was killed."""
        send_networks(netd, self.networks)
        for names in self.names.values():
            netd.call(Request(Verb.NAMES, names=names))
        for container_id, (pid, resolver) in tuple(self.resolvers.items()):
            try:
                hand_in_dns(netd, container_id, pid, resolver)
            except ConflictError:  # the container has ended meanwhile
                del self.resolvers[container_id]
        for container_id, ports in self.ports.items():
            with ExitStack() as undo:
                sockets = []
                for port in ports:
                    sock = listen(port.protocol, port.host_ip, port.host_port)
                    undo.callback(sock.close)
                    sockets.append(sock)
                hand_in_ports(netd, container_id, ports, sockets)


def send_networks(netd: NetdClient, networks: dict[str, Network]) -> None:
    netd.call(Request(Verb.NETWORKS, networks=tuple(networks.values())))


def open_ports(
    netd: NetdClient,
    held: Holdings,
    endpoint: Endpoint,
    endpoint_text: str,
    wanted: Sequence[PortBinding],
) -> tuple[RelayedPort, ...]:
    """Bind a container's ports on the host and have netd relay them: all or none."""
    container_id = endpoint.container_id
    taken = reserve(port for ports in held.ports.values() for port in ports)
    bound = bind_ports(wanted, taken, endpoint_text)
    rows = rows_of(bound, endpoint)
    sockets = [sock for one in bound for _, sock in one.sockets]
    try:
        hand_in_ports(netd, container_id, rows, sockets)
    except BaseException:
        netd.ask(Request(Verb.STOP_RELAY, container_id=container_id))
        raise
    finally:
        for sock in sockets:
            sock.close()
    held.ports[container_id] = rows
    return rows


def hand_in_ports(
    netd: NetdClient,
    container_id: str,
    ports: Sequence[RelayedPort],
    sockets: Sequence[socket.socket],
) -> None:
    """Give listening sockets to netd, as many at a time as a message carries."""
    for start in range(0, len(ports), MOST_FDS):
        some = slice(start, start + MOST_FDS)
        request = Request(
            Verb.RELAY, container_id=container_id, ports=tuple(ports[some])
        )
        netd.call(request, [sock.fileno() for sock in sockets[some]])


def change_resolver(netd: NetdClient, container_id: str, resolver: Resolver) -> bool:
    """Give a server that is there other orders; False if it has ended meanwhile."""
    request = Request(Verb.SERVE_DNS, container_id=container_id, resolver=resolver)
    return netd.ask(request).error == ""


def hand_in_dns(
    netd: NetdClient, container_id: str, pid: int, resolver: Resolver
) -> None:
    """Open a container's name server inside its namespace and give it to netd.

    Raises:
        ConflictError: the container's process has ended.
    """
    with ExitStack() as stack:
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError as error:
            raise ConflictError(
                f"cannot serve names to process {pid}: it has ended"
            ) from error
        stack.callback(os.close, pidfd)
        namespace = open_namespace(pid)
        stack.callback(os.close, namespace)
        sockets = run_inside(namespace, open_dns_sockets)
        for sock in sockets:
            stack.callback(sock.close)
        request = Request(Verb.SERVE_DNS, container_id=container_id, resolver=resolver)
        netd.call(request, [*(sock.fileno() for sock in sockets), pidfd])
