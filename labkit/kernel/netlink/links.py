"""Network interfaces over rtnetlink: bridges, veth pairs, and their settings.

    struct ifinfomsg {              // rtnetlink(7)
        unsigned char  ifi_family;
        unsigned char  __pad;
        unsigned short ifi_type;
        int            ifi_index;
        unsigned int   ifi_flags;
        unsigned int   ifi_change;  // which of the flags are meant
    };

A veth pair is made by *one* message that holds the other end as a nested message of its
own; with ``netns_fd`` in it the other end is born in another namespace, under its
final name, and never shows in ours. Only one thing can't be had in that message: the
other end can't be *up* yet (it is opened before it has a partner: ENOTCONN).
"""

import socket
import struct
from dataclasses import dataclass
from typing import Any

from labkit.kernel.netlink.codec import (
    MAC,
    RAW,
    S32,
    TEXT,
    U8,
    U32,
    Field,
    Message,
    Table,
    decode,
    encode,
    nested,
    pack_attribute,
)
from labkit.kernel.netlink.transport import NetlinkSocket, Request

IFINFOMSG = struct.Struct("=BxHiII")

_NEW_LINK, _DELETE_LINK, _GET_LINK, _SET_LINK = 16, 17, 18, 19
_EXCLUSIVE_CREATE = 0x600  # NLM_F_EXCL | NLM_F_CREATE
UP = 0x1  # IFF_UP
LOOPBACK_INDEX = 1  # the kernel makes lo first in every network namespace

BRIDGE_PORT: Table = {  # enum IFLA_BRPORT_*, linux/if_link.h
    "state": Field(1, U8),
    "hairpin": Field(4, U8),
    "isolated": Field(33, U8),
}
BRIDGE: Table = {  # enum IFLA_BR_*
    "forward_delay": Field(1, U32),
    "stp_state": Field(5, U32),
}
LINK_INFO: Table = {  # enum IFLA_INFO_*
    "kind": Field(1, TEXT),
    "data": Field(2, RAW),  # its meaning depends on the kind
    "slave_kind": Field(4, TEXT),
    "slave_data": Field(5, nested(BRIDGE_PORT)),
}
LINK: Table = {  # enum IFLA_*
    "address": Field(1, MAC),
    "broadcast": Field(2, MAC),
    "ifname": Field(3, TEXT),
    "mtu": Field(4, U32),
    "peer_index": Field(5, S32),  # IFLA_LINK: of a veth, the other end
    "master": Field(10, U32),
    "operstate": Field(16, U8),
    "linkinfo": Field(18, nested(LINK_INFO)),
    "netns_fd": Field(28, U32),
    "peer_netns": Field(37, S32),
}
_VETH_PEER = 1  # VETH_INFO_PEER, linux/veth.h


@dataclass(frozen=True, slots=True)
class Link:
    """One interface as the kernel describes it."""

    index: int
    name: str
    kind: str
    mac: str
    mtu: int
    up: bool
    master: int
    peer_index: int


def create_bridge(name: str, mac: str, mtu: int) -> Request:
    """A bridge that is up, with a fixed address.

    Without one a bridge takes the lowest address of its ports and so changes it as
    containers come and go, which confuses everybody's neighbour tables.
    """
    values = {
        "ifname": name,
        "mtu": mtu,
        "address": mac,
        "linkinfo": {"kind": "bridge", "data": b""},
    }
    body = IFINFOMSG.pack(0, 0, 0, UP, UP) + encode(LINK, values)
    return Request(
        Message(_NEW_LINK, _EXCLUSIVE_CREATE, body), f"create bridge {name!r}"
    )


def create_veth(
    name: str,
    peer: str,
    netns_fd: int,
    *,
    mtu: int = 1500,
    master: int = 0,
    peer_mac: str = "",
) -> Request:
    """A veth pair: ``name`` here, up and in the bridge; ``peer`` in the other netns."""
    other: dict[str, Any] = {"ifname": peer, "netns_fd": netns_fd, "mtu": mtu}
    if peer_mac:
        other["address"] = peer_mac
    nested_peer = IFINFOMSG.pack(0, 0, 0, 0, 0) + encode(LINK, other)
    values: dict[str, Any] = {"ifname": name, "mtu": mtu}
    if master:
        values["master"] = master
    values["linkinfo"] = {
        "kind": "veth",
        "data": pack_attribute(_VETH_PEER, nested_peer),
    }
    body = IFINFOMSG.pack(0, 0, 0, UP, UP) + encode(LINK, values)
    return Request(
        Message(_NEW_LINK, _EXCLUSIVE_CREATE, body),
        f"create veth pair {name!r} and {peer!r}",
    )


def set_up(index: int, name: str) -> Request:
    body = IFINFOMSG.pack(0, 0, index, UP, UP)
    return Request(Message(_NEW_LINK, 0, body), f"bring up {name!r}")


def leave_bridge(name: str, tolerate: tuple[int, ...] = ()) -> Request:
    """Take a port off its bridge, which forgets at once who was behind it."""
    body = IFINFOMSG.pack(0, 0, 0, 0, 0) + encode(LINK, {"ifname": name, "master": 0})
    return Request(
        Message(_SET_LINK, 0, body), f"take {name!r} off its bridge", tolerate
    )


def isolate_port(name: str) -> Request:
    """Let a port talk to its bridge alone and to no other isolated port of it."""
    values = {
        "ifname": name,
        "linkinfo": {"slave_kind": "bridge", "slave_data": {"isolated": 1}},
    }
    body = IFINFOMSG.pack(0, 0, 0, 0, 0) + encode(LINK, values)
    return Request(Message(_NEW_LINK, 0, body), f"isolate bridge port {name!r}")


def delete_link(name: str, tolerate: tuple[int, ...] = ()) -> Request:
    """Remove an interface; of a veth pair both ends go."""
    body = IFINFOMSG.pack(0, 0, 0, 0, 0) + encode(LINK, {"ifname": name})
    return Request(Message(_DELETE_LINK, 0, body), f"delete {name!r}", tolerate)


def list_links(netlink: NetlinkSocket) -> list[Link]:
    body = IFINFOMSG.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
    answers = netlink.dump(Message(_GET_LINK, 0, body), "list interfaces")
    return [read_link(answer) for answer in answers]


def get_link(netlink: NetlinkSocket, name: str) -> Link:
    body = IFINFOMSG.pack(0, 0, 0, 0, 0) + encode(LINK, {"ifname": name})
    answer = netlink.ask(Message(_GET_LINK, 0, body), f"find interface {name!r}")
    return read_link(answer)


def read_link(message: Message) -> Link:
    _, _, index, flags, _ = IFINFOMSG.unpack_from(message.body)
    values = decode(LINK, message.body[IFINFOMSG.size :])
    return Link(
        index=index,
        name=values.get("ifname", ""),
        kind=values.get("linkinfo", {}).get("kind", ""),
        mac=values.get("address", ""),
        mtu=values.get("mtu", 0),
        up=bool(flags & UP),
        master=values.get("master", 0),
        peer_index=values.get("peer_index", 0),
    )
