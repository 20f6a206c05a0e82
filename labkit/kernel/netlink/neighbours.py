"""Neighbour entries over rtnetlink: which MAC address an IP address was seen at.

struct ndmsg {                  // rtnetlink(7)
    unsigned char ndm_family;
    int           ndm_ifindex;
    __u16         ndm_state;
    __u8          ndm_flags, ndm_type;
};
"""

import socket
import struct
from dataclasses import dataclass

from labkit.kernel.netlink.codec import ADDRESS, MAC, Field, Message, Table, decode
from labkit.kernel.netlink.transport import NetlinkSocket

NDMSG = struct.Struct("=BxxxiHBB")
_GET_NEIGHBOUR = 30

NDA: Table = {"destination": Field(1, ADDRESS), "address": Field(2, MAC)}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One row of ``ip neighbour``."""

    interface: int
    address: str
    mac: str


def list_neighbours(netlink: NetlinkSocket) -> list[Neighbour]:
    body = NDMSG.pack(socket.AF_INET, 0, 0, 0, 0)
    answers = netlink.dump(Message(_GET_NEIGHBOUR, 0, body), "list neighbours")
    found = []
    for answer in answers:
        _, index, _, _, _ = NDMSG.unpack_from(answer.body)
        values = decode(NDA, answer.body[NDMSG.size :])
        if "destination" in values:
            found.append(
                Neighbour(index, values["destination"], values.get("address", ""))
            )
    return found
