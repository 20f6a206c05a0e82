"""Addresses of interfaces over rtnetlink.

    struct ifaddrmsg {              // rtnetlink(7)
        unsigned char ifa_family;
        unsigned char ifa_prefixlen;
        unsigned char ifa_flags;
        unsigned char ifa_scope;
        unsigned int  ifa_index;
    };

The kernel adds the route to the subnet itself when an address is added.
"""

import errno
import ipaddress
import struct
from dataclasses import dataclass
from typing import Any

from labkit.kernel.netlink.codec import (
    ADDRESS,
    TEXT,
    U32,
    Field,
    Message,
    Table,
    decode,
    encode,
)
from labkit.kernel.netlink.family import family_of
from labkit.kernel.netlink.transport import NetlinkSocket, Request

IFADDRMSG = struct.Struct("=BBBBI")

_NEW_ADDRESS, _DELETE_ADDRESS, _GET_ADDRESS = 20, 21, 22
_EXCLUSIVE_CREATE = 0x600
_NO_DUPLICATE_DETECTION = 0x02  # IFA_F_NODAD
_HOST_BITS_OF_TINY_NETWORKS = 1

IFA: Table = {  # enum IFA_*, linux/if_addr.h
    "address": Field(1, ADDRESS),
    "local": Field(2, ADDRESS),
    "label": Field(3, TEXT),
    "broadcast": Field(4, ADDRESS),
    "flags": Field(8, U32),
}


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """An address on an interface: ``172.18.0.1/16``."""

    index: int
    address: str
    prefix: int

    @property
    def text(self) -> str:
        return f"{self.address}/{self.prefix}"


def add_address(index: int, address: str, prefix: int) -> Request:
    """Give an interface an address; one that is there already is fine."""
    parsed = ipaddress.ip_address(address)
    values: dict[str, Any] = {"local": address, "address": address}
    flags = 0
    if parsed.version == 4:
        network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
        # A /31 or /32 has no broadcast address (RFC 3021).
        if parsed.max_prefixlen - prefix > _HOST_BITS_OF_TINY_NETWORKS:
            values["broadcast"] = str(network.broadcast_address)
    else:
        # Duplicate address detection would keep the address unusable for a second,
        # and IPAM has seen to it that there is no duplicate.
        flags = _NO_DUPLICATE_DETECTION
    body = IFADDRMSG.pack(family_of(address), prefix, flags, 0, index)
    return Request(
        Message(_NEW_ADDRESS, _EXCLUSIVE_CREATE, body + encode(IFA, values)),
        f"add address '{address}/{prefix}' to interface {index}",
        tolerate=(errno.EEXIST,),
    )


def list_addresses(netlink: NetlinkSocket) -> list[InterfaceAddress]:
    body = IFADDRMSG.pack(0, 0, 0, 0, 0)
    answers = netlink.dump(Message(_GET_ADDRESS, 0, body), "list addresses")
    return [read_address(answer) for answer in answers]


def read_address(message: Message) -> InterfaceAddress:
    _, prefix, _, _, index = IFADDRMSG.unpack_from(message.body)
    values = decode(IFA, message.body[IFADDRMSG.size :])
    # "local" is the interface's own; "address" differs on point-to-point links only,
    # and IPv6 has no "local" (rtnetlink(7)).
    return InterfaceAddress(
        index, values.get("local") or values.get("address", ""), prefix
    )
