"""127.0.0.11:53 inside a container, without taking port 53 from it.

A name server that really sat at port 53 would be in the way of a container that is one
itself: who listens at 0.0.0.0:53 wants that port at every address, ours included. So
ours listens at ports that nobody asks for, and a rule in the container's own namespace
sends what goes to 127.0.0.11:53 there (libnetwork does the same, ``resolver_unix.go``).
Answers find their way back by themselves: connection tracking undoes what it did.
"""

import logging
import socket
from contextlib import ExitStack

from labkit.kernel.netlink import expressions as nft
from labkit.kernel.netlink.nftables import Chain, Family, Hook, Rule, replace_table
from labkit.kernel.netlink.transport import NETLINK_NETFILTER, NetlinkSocket
from labkit.network.files import EMBEDDED_RESOLVER

DNS_TABLE = "labkit_dns"
_DNS_PORT = 53
_BACKLOG = 64
_DESTINATION_NAT = -100  # a priority, as nft names it
_CHAINS = (Chain("output", "nat", Hook.OUTPUT, _DESTINATION_NAT),)

_log = logging.getLogger(__name__)

Sockets = tuple[socket.socket, socket.socket]


def open_dns_sockets() -> Sockets:
    """Open a name server's sockets, UDP and TCP, in the calling thread's namespace.

    Where the kernel can't translate addresses they are at port 53 itself.
    """
    with ExitStack() as undo:
        sockets = _bind(0, undo)
        try:
            _redirect(sockets)
        except OSError as error:
            undo.close()
            _log.warning("a container can't listen at port 53 itself: %s", error)
            return _bind_for_good(_DNS_PORT)
        undo.pop_all()
        return sockets


def dns_rules(udp_port: int, tcp_port: int) -> list[Rule]:
    """Say which questions go where."""
    ways = (
        ("udp", socket.IPPROTO_UDP, udp_port),
        ("tcp", socket.IPPROTO_TCP, tcp_port),
    )
    return [
        Rule(
            "output",
            f"ip daddr {EMBEDDED_RESOLVER} {name} dport {_DNS_PORT}"
            f" counter dnat to {EMBEDDED_RESOLVER}:{port}",
            nft.destination_in(f"{EMBEDDED_RESOLVER}/32")
            + nft.protocol_is(number)
            + nft.port_is(_DNS_PORT)
            + nft.count()
            + nft.redirect_to(EMBEDDED_RESOLVER, port),
        )
        for name, number, port in ways
    ]


def _redirect(sockets: Sockets) -> None:
    udp_port, tcp_port = (sock.getsockname()[1] for sock in sockets)
    firewall = NetlinkSocket(NETLINK_NETFILTER)
    try:
        rules = dns_rules(udp_port, tcp_port)
        replace_table(firewall, Family.IP, DNS_TABLE, _CHAINS, rules)
    finally:
        firewall.close()


def _bind_for_good(port: int) -> Sockets:
    with ExitStack() as undo:
        sockets = _bind(port, undo)
        undo.pop_all()
        return sockets


def _bind(port: int, undo: ExitStack) -> Sockets:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    undo.callback(udp.close)
    udp.bind((EMBEDDED_RESOLVER, port))
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    undo.callback(tcp.close)
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tcp.bind((EMBEDDED_RESOLVER, port))
    tcp.listen(_BACKLOG)
    return udp, tcp
