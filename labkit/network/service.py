"""The network as the engine sees it: networks, endpoints, ports and names.

The engine owns one network namespace in which all its bridges live, whoever runs it:

    host's namespace                          engine's namespace        containers'
      listening sockets of published ports     netd's relays ----------> 172.18.0.2:80
      labkit-<engine id> ==== uplink           br-... 172.18.0.1  ====== eth0

This class decides; ``netd.py`` holds what must outlive a daemon. Netlink sockets into
the engine's namespace are opened once, by a thread that enters it, and serve for ever.
All methods are synchronous and may be called from any thread.

Everything is 'ensure': a second call finds the work done. If netd is killed, its
namespace lives on in this process; a new netd gets it and is told everything again.
"""

import logging
import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from labkit.base.errors import LabError, UnavailableError
from labkit.network import netd_client, ports
from labkit.network.endpoint import Plug, bring_loopback_up, plug_in, unplug
from labkit.network.facts import NetworkFacts, Subject, gather_facts
from labkit.network.holdings import (
    Holdings,
    open_ports,
    send_networks,
)
from labkit.network.inside import open_namespace
from labkit.network.messages import Names, Request, Verb
from labkit.network.model import Endpoint, Network, PortBinding, Resolver
from labkit.network.netd_client import NetdClient
from labkit.network.space import EngineSpace
from labkit.network.uplink import occupied_subnets

_log = logging.getLogger(__name__)


class NetworkService:
    """All of the engine's networking behind one face."""

    def __init__(self, state_root: Path, engine_id: str) -> None:
        self._state_root = state_root
        self._engine_id = engine_id
        self._lock = threading.RLock()
        self._held = Holdings()
        self._bridges: dict[str, int] = {}  # network id -> interface index
        self._netd: NetdClient | None = None
        self._space: EngineSpace | None = None

    def open(self) -> None:
        """Adopt the netd that is there or start one; see to the uplink."""
        with self._lock:
            if self.is_alive():
                return
            if self._netd is not None:
                self._replace_netd(self._netd)
                return
            self._state_root.mkdir(parents=True, exist_ok=True, mode=0o700)
            netd = netd_client.adopt(self._state_root)
            if netd is None:
                netd = netd_client.start(self._state_root)
            with ExitStack() as undo:
                undo.callback(_let_go, netd)
                self._held.adopt(netd.hello)
                self._space = EngineSpace(netd.namespace, self._engine_id)
                self._take(netd)
                undo.pop_all()

    def _replace_netd(self, dead: NetdClient) -> None:
        """Start a netd in the namespace of the one that died, with all that it held."""
        _log.warning("netd %d is gone: starting another", dead.pid)
        netd = netd_client.start(self._state_root, dead.namespace)
        self._held.replay(netd)
        old, self._space = self._space, EngineSpace(netd.namespace, self._engine_id)
        if old is not None:
            old.close()
        dead.close()
        self._take(netd)

    def _take(self, netd: NetdClient) -> None:
        self._netd = netd
        threading.Thread(
            target=self._watch,
            args=(netd, netd.open_watch()),
            name="labkit-netd-watch",
            daemon=True,
        ).start()

    def _watch(self, netd: NetdClient, watch: int) -> None:
        """Wait for netd's end; if it wasn't ours to end, restore it at once."""
        netd_client.wait_for_end(watch)
        with self._lock:
            if self._netd is not netd:
                return
            try:
                self.open()
            except (LabError, OSError):
                _log.exception("cannot restore netd; the next call tries again")

    def is_alive(self) -> bool:
        return self._netd is not None and self._netd.is_alive()

    @property
    def is_adopted(self) -> bool:
        """Say whether the network was there before this daemon."""
        return self._netd is not None and not self._netd.is_ours

    def close(self, keep: bool) -> None:
        """Let go (``keep``: containers go on) or remove every trace."""
        with self._lock:
            netd, self._netd = self._netd, None
            space, self._space = self._space, None
            self._bridges.clear()
            self._held = Holdings()
            if space is not None:
                if not keep:
                    space.remove_host_side()
                space.close()
            if netd is not None:
                try:
                    if not keep:
                        netd.quit()
                finally:
                    netd.close()

    def _live(self) -> tuple[NetdClient, EngineSpace]:
        if not self.is_alive() and self._netd is not None:
            self.open()
        if self._netd is None or self._space is None:
            raise UnavailableError("the engine's network is not open")
        return self._netd, self._space

    @property
    def warnings(self) -> tuple[str, ...]:
        """What this machine can't do, a sentence each."""
        with self._lock:
            return tuple(self._live()[1].warnings)

    def namespace_path(self) -> Path:
        """Return the file through which the engine's namespace is entered."""
        with self._lock:
            return Path(f"/proc/{self._live()[0].pid}/ns/net")

    def ensure_network(self, network: Network) -> None:
        """Make a network's bridge, addresses and rules, whatever is there already."""
        if network.driver != "bridge":
            return
        with self._lock:
            netd, space = self._live()
            index = space.ensure_bridge(network).index
            known = self._held.networks.get(network.id)
            self._held.networks[network.id] = network
            try:
                if known != network or network.id not in self._bridges:
                    space.apply(self._held.networks.values())
                    send_networks(netd, self._held.networks)
            except BaseException:
                if known is None:
                    del self._held.networks[network.id]
                    space.remove_bridge(network)
                raise
            self._bridges[network.id] = index

    def remove_network(self, network: Network) -> None:
        """Remove a network's bridge and rules; one that is gone is fine."""
        if network.driver != "bridge":
            return
        with self._lock:
            netd, space = self._live()
            space.remove_bridge(network)
            self._bridges.pop(network.id, None)
            self._held.networks.pop(network.id, None)
            self._held.names.pop(network.id, None)
            space.apply(self._held.networks.values())
            send_networks(netd, self._held.networks)

    def host_routes(self) -> tuple[str, ...]:
        """List what this host reaches by itself: no default subnet may be there."""
        with self._lock:
            return tuple(occupied_subnets(self._live()[1].host))

    def connect(
        self,
        network: Network,
        endpoint: Endpoint,
        pid: int,
        interface: str,
        default_route: bool,
    ) -> None:
        """Plug a process's namespace into a network.

        A second call finds the interface there and, if ``default_route``, makes it the
        way out: so a container keeps one when the network that had it is left.
        """
        with self._lock:
            if network.id not in self._bridges:
                self.ensure_network(network)
            plug = Plug(network, self._bridges[network.id], interface, default_route)
            _, space = self._live()
        namespace = open_namespace(pid)
        try:
            plug_in(space.engine, endpoint, plug, namespace)
        finally:
            os.close(namespace)

    def disconnect(self, network: Network, endpoint: Endpoint, pid: int | None) -> None:
        """Unplug a container, so that its address may be another's.

        Args:
            pid: a process that goes on in the namespace, and loses the interface; None
                where nobody does: then the kernel removes both.
        """
        with self._lock:
            _, space = self._live()
        if pid is not None and Path(f"/proc/{pid}/ns/net").exists():
            unplug(space.engine, endpoint)
        else:
            space.detach(endpoint)

    def bring_loopback_up(self, pid: int) -> None:
        """Set up the namespace of a container without networks."""
        bring_loopback_up(pid)

    def publish(
        self,
        container_id: str,
        endpoint: Endpoint,
        name: str,
        bindings: tuple[PortBinding, ...],
    ) -> tuple[PortBinding, ...]:
        """Publish all ports or none; the result has a row for each listening socket."""
        with self._lock:
            netd, _ = self._live()
            wanted = self._held.with_default_address(endpoint, bindings)
            present = self._held.ports.get(container_id, ())
            if ports.is_published(wanted, present, endpoint):
                return ports.bindings_of(present)
            self.unpublish(container_id)
            mine = replace(endpoint, container_id=container_id)
            text = f"{name} ({endpoint.id})"
            rows = open_ports(netd, self._held, mine, text, wanted)
            return ports.bindings_of(rows)

    def unpublish(self, container_id: str) -> None:
        with self._lock:
            if self._held.ports.pop(container_id, None) is not None:
                netd, _ = self._live()
                netd.call(Request(Verb.STOP_RELAY, container_id=container_id))

    def serve_dns(self, container_id: str, pid: int, resolver: Resolver) -> None:
        """Answer a container's questions at 127.0.0.11, or change how.

        A container all of whose networks are internal asks nobody outside.
        """
        with self._lock:
            netd, _ = self._live()
            self._held.serve_dns(netd, container_id, pid, resolver)

    def stop_dns(self, container_id: str) -> None:
        with self._lock:
            if self._held.resolvers.pop(container_id, None) is not None:
                netd, _ = self._live()
                netd.call(Request(Verb.STOP_DNS, container_id=container_id))

    def set_names(
        self,
        network_id: str,
        names: Mapping[str, tuple[str, ...]],
        reverse: Mapping[str, str],
    ) -> None:
        """Replace all names of a network; ``name.network`` is found without asking."""
        with self._lock:
            netd, _ = self._live()
            network = self._held.networks.get(network_id)
            label = network.name if network else ""
            table = Names(network_id, label, dict(names), dict(reverse))
            self._held.names[network_id] = table
            netd.call(Request(Verb.NAMES, names=table))

    def facts(self, container_id: str, pid: int) -> NetworkFacts:
        """Look at everything that a container's network is made of."""
        with self._lock:
            _, space = self._live()
            return gather_facts(
                Subject(container_id, pid), self.namespace_path(), space, self._held
            )


def _let_go(netd: NetdClient) -> None:
    """Leave a netd that was found as it was; one that was started just now goes."""
    try:
        if netd.is_ours:
            netd.quit()
    finally:
        netd.close()
