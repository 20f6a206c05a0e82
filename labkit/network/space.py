"""The engine's network namespace and the host's side of it, as four netlink sockets.

Two speak to the engine's namespace (interfaces, firewall), two to the host's. The first
two were opened by a thread that entered the namespace for that moment.
"""

import logging
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial

from labkit.kernel.netlink.links import LOOPBACK_INDEX, Link, set_up
from labkit.kernel.netlink.nftables import Family, replace_table
from labkit.kernel.netlink.transport import (
    NETLINK_NETFILTER,
    NETLINK_ROUTE,
    NetlinkSocket,
)
from labkit.network.bridge import ensure_bridge, remove_bridge
from labkit.network.endpoint import detach, unplug
from labkit.network.inside import run_inside, write_sysctl, write_sysctl_if_there
from labkit.network.late_removal import LateRemoval
from labkit.network.model import Endpoint, Network
from labkit.network.naming import ENGINE_TABLE
from labkit.network.rules import ENGINE_CHAINS, Uplink, engine_rules, ipv4_subnets
from labkit.network.uplink import (
    ensure_egress,
    ensure_host_routes,
    ensure_uplink,
    remove_uplink,
)

_log = logging.getLogger(__name__)


class EngineSpace:
    """One engine's namespace, opened. ``warnings`` say what this machine can't do."""

    def __init__(self, namespace: int, engine_id: str) -> None:
        self._engine_id = engine_id
        self.namespace = namespace
        self.warnings: list[str] = []
        with ExitStack() as undo:
            self.engine, self.firewall = run_inside(namespace, _open_sockets)
            undo.callback(self.engine.close)
            undo.callback(self.firewall.close)
            self.host, self.host_firewall = _open_sockets()
            undo.callback(self.host.close)
            undo.callback(self.host_firewall.close)
            self.engine.change(set_up(LOOPBACK_INDEX, "lo"))
            self.uplink = self._open_uplink()
            undo.pop_all()
        self._late = LateRemoval(partial(unplug, self.engine))

    def _open_uplink(self) -> Uplink | None:
        """Make the way out; without it there is everything but a way out."""
        try:
            uplink = ensure_uplink(
                self.host, self.engine, self.namespace, self._engine_id
            )
        except OSError as error:
            self._warn(f"containers have no way out: {error}")
            return None
        try:
            ensure_egress(self.host, self.host_firewall, uplink)
        except OSError as error:
            self._warn(f"containers reach this host, but nothing beyond: {error}")
        return uplink

    def _warn(self, text: str) -> None:
        _log.warning("%s", text)
        self.warnings.append(text)

    def apply(self, networks: Iterable[Network]) -> None:
        """Bring firewall and routes in line with the networks that are there."""
        bridged = [network for network in networks if network.driver == "bridge"]
        try:
            replace_table(
                self.firewall,
                Family.INET,
                ENGINE_TABLE,
                ENGINE_CHAINS,
                engine_rules(bridged, self.uplink),
            )
            forwarding = "1"
        except OSError as error:
            # Without rules a namespace that forwards would join all bridges to one:
            # isolation matters more than the way out.
            self._warn(f"no firewall, so bridges stay islands: {error}")
            forwarding = "0"
        run_inside(self.namespace, lambda: _write_switches(forwarding))
        if self.uplink is not None:
            subnets = [s for network in bridged for s in ipv4_subnets(network)]
            ensure_host_routes(self.host, self.uplink, subnets)

    def ensure_bridge(self, network: Network) -> Link:
        return ensure_bridge(self.engine, network)

    def remove_bridge(self, network: Network) -> None:
        remove_bridge(self.engine, network)

    def detach(self, endpoint: Endpoint) -> None:
        """Take what a container that ended leaves off its bridge, and away later."""
        detach(self.engine, endpoint)
        self._late.add(endpoint)

    def remove_host_side(self) -> None:
        """Leave nothing of this engine in the host's namespace."""
        remove_uplink(self.host, self.host_firewall, self._engine_id)

    def close(self) -> None:
        self._late.close()
        for netlink in (self.engine, self.firewall, self.host, self.host_firewall):
            netlink.close()


def _open_sockets() -> tuple[NetlinkSocket, NetlinkSocket]:
    routes = NetlinkSocket(NETLINK_ROUTE)
    try:
        return routes, NetlinkSocket(NETLINK_NETFILTER)
    except BaseException:
        routes.close()
        raise


def _write_switches(forwarding: str) -> None:
    """Set the parameters of the engine's own namespace; the host's stay as they are."""
    write_sysctl("net/ipv4/ip_forward", forwarding)
    # Where br_netfilter is loaded, a new namespace shows bridged packets to the IP
    # firewall; two containers on one bridge are no business of it.
    for name in ("iptables", "ip6tables", "arptables"):
        write_sysctl_if_there(f"net/bridge/bridge-nf-call-{name}", "0")
