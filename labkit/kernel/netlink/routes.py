"""Routes over rtnetlink.

struct rtmsg {                  // rtnetlink(7)
    unsigned char rtm_family, rtm_dst_len, rtm_src_len, rtm_tos;
    unsigned char rtm_table, rtm_protocol, rtm_scope, rtm_type;
    unsigned int  rtm_flags;
};
"""

import errno
import ipaddress
import socket
import struct
from dataclasses import dataclass
from typing import Any

from labkit.kernel.netlink.codec import (
    ADDRESS,
    U32,
    Field,
    Message,
    Table,
    decode,
    encode,
)
from labkit.kernel.netlink.family import family_of
from labkit.kernel.netlink.transport import NetlinkSocket, Request

RTMSG = struct.Struct("=BBBBBBBBI")

_NEW_ROUTE, _DELETE_ROUTE, _GET_ROUTE = 24, 25, 26
_EXCLUSIVE_CREATE = 0x600
_MAIN_TABLE = 254
_BY_ADMINISTRATOR = 4  # RTPROT_STATIC
_UNIVERSE, _LINK = 0, 253  # scopes: behind a gateway, on the wire
_UNICAST = 1
_EVERYWHERE = {socket.AF_INET: "0.0.0.0/0", socket.AF_INET6: "::/0"}

RTA: Table = {  # enum RTA_*, linux/rtnetlink.h
    "destination": Field(1, ADDRESS),
    "interface": Field(4, U32),
    "gateway": Field(5, ADDRESS),
    "metric": Field(6, U32),  # RTA_PRIORITY
    "preferred_source": Field(7, ADDRESS),
    "table": Field(15, U32),
}


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the main routing table; ``gateway`` is empty on the wire itself."""

    destination: str
    gateway: str
    interface: int
    preferred_source: str = ""


def add_route(
    destination: str, gateway: str, interface: int = 0, metric: int = 0
) -> Request:
    """Send what goes to ``destination`` through ``gateway``.

    Of several routes to one destination the one of the lowest ``metric`` is taken.
    """
    body = _body(destination, gateway, interface, metric)
    return Request(
        Message(_NEW_ROUTE, _EXCLUSIVE_CREATE, body),
        f"add route to {destination!r} via {gateway!r}",
    )


def delete_route(destination: str, gateway: str, interface: int = 0) -> Request:
    """Remove a route; one that is gone already is fine."""
    return Request(
        Message(_DELETE_ROUTE, 0, _body(destination, gateway, interface)),
        f"delete route to {destination!r} via {gateway!r}",
        tolerate=(errno.ESRCH, errno.ENODEV, errno.ENETUNREACH),
    )


def _body(destination: str, gateway: str, interface: int, metric: int = 0) -> bytes:
    network = ipaddress.ip_network(destination)
    values: dict[str, Any] = {}
    if network.prefixlen:  # the default route has no destination attribute
        values["destination"] = str(network.network_address)
    if gateway:
        values["gateway"] = gateway
    if interface:
        values["interface"] = interface
    if metric:
        values["metric"] = metric
    header = RTMSG.pack(
        family_of(str(network.network_address)),
        network.prefixlen,
        0,
        0,
        _MAIN_TABLE,
        _BY_ADMINISTRATOR,
        _UNIVERSE if gateway else _LINK,
        _UNICAST,
        0,
    )
    return header + encode(RTA, values)


def list_routes(netlink: NetlinkSocket, family: int = socket.AF_INET) -> list[Route]:
    """List the unicast routes of the main table."""
    body = RTMSG.pack(family, 0, 0, 0, 0, 0, 0, 0, 0)
    answers = netlink.dump(Message(_GET_ROUTE, 0, body), "list routes")
    routes = (read_route(answer) for answer in answers)
    return [route for route in routes if route is not None]


def read_route(message: Message) -> Route | None:
    """Read one row; None for another table's, and for broadcast and local ones."""
    family, length, _, _, table, _, _, kind, _ = RTMSG.unpack_from(message.body)
    values = decode(RTA, message.body[RTMSG.size :])
    if values.get("table", table) != _MAIN_TABLE or kind != _UNICAST:
        return None
    destination = (
        f"{values['destination']}/{length}"
        if "destination" in values
        else _EVERYWHERE[family]
    )
    return Route(
        destination,
        values.get("gateway", ""),
        values.get("interface", 0),
        values.get("preferred_source", ""),
    )
