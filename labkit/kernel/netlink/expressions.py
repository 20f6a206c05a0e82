"""What nf_tables rules are made of.

A rule is a small program: expressions *load* something (an interface's name, a
header field, the state of the connection) into a register, *compare* the register and,
if all comparisons held, end in a verdict or a translation of addresses. Each
function here returns the bytes of one nft phrase; phrases are joined by ``+``:

    input_is("br0") + destination_in("127.0.0.0/8") + drop()
"""

import ipaddress
import socket
import struct

from labkit.kernel.netlink.codec import (
    BE32,
    NESTED,
    RAW,
    TEXT,
    Field,
    Table,
    Values,
    encode,
    nested,
    pack_attribute,
)

_LIST_ELEMENT = 1  # NFTA_LIST_ELEM
_REGISTER = 1  # NFT_REG_1, sixteen bytes
_SECOND_REGISTER, _THIRD_REGISTER = 2, 3
_VERDICT_REGISTER = 0
_NAME_BYTES = 16  # IFNAMSIZ

EXPRESSION: Table = {"name": Field(1, TEXT), "data": Field(2, RAW)}
VERDICT: Table = {"code": Field(1, BE32), "chain": Field(2, TEXT)}
DATA: Table = {"value": Field(1, RAW), "verdict": Field(2, nested(VERDICT))}
META: Table = {"dreg": Field(1, BE32), "key": Field(2, BE32)}
COMPARE: Table = {
    "sreg": Field(1, BE32),
    "op": Field(2, BE32),
    "data": Field(3, nested(DATA)),
}
PAYLOAD: Table = {
    "dreg": Field(1, BE32),
    "base": Field(2, BE32),
    "offset": Field(3, BE32),
    "length": Field(4, BE32),
}
BITWISE: Table = {
    "sreg": Field(1, BE32),
    "dreg": Field(2, BE32),
    "length": Field(3, BE32),
    "mask": Field(4, nested(DATA)),
    "xor": Field(5, nested(DATA)),
}
IMMEDIATE: Table = {"dreg": Field(1, BE32), "data": Field(2, nested(DATA))}
CONNTRACK: Table = {"dreg": Field(1, BE32), "key": Field(2, BE32)}
FIB: Table = {
    "dreg": Field(1, BE32),
    "result": Field(2, BE32),
    "flags": Field(3, BE32),
}
NAT: Table = {
    "type": Field(1, BE32),
    "family": Field(2, BE32),
    "address": Field(3, BE32),  # NFTA_NAT_REG_ADDR_MIN: a register's number
    "port": Field(5, BE32),  # NFTA_NAT_REG_PROTO_MIN: the same
}

_META_NFPROTO, _META_L4PROTO = 15, 16
_META_INPUT_NAME, _META_OUTPUT_NAME = 6, 7
_EQUAL, _NOT_EQUAL = 0, 1
_NETWORK_HEADER, _TRANSPORT_HEADER = 1, 2
_PORT_OFFSET = 2  # of the destination's, in struct tcphdr and in struct udphdr
_SOURCE_OFFSET, _DESTINATION_OFFSET = 12, 16  # in struct iphdr
_STATE_KEY = 0  # NFT_CT_STATE
_ESTABLISHED, _RELATED = 2, 4
_ADDRESS_TYPE_RESULT = 3  # NFT_FIB_RESULT_ADDRTYPE
_FOR_DESTINATION = 2  # NFTA_FIB_F_DADDR
_LOCAL = 2  # RTN_LOCAL
_DESTINATION_NAT = 1  # NFT_NAT_DNAT
_ACCEPT, _DROP = 1, 0


def expression(name: str, table: Table, values: Values) -> bytes:
    """Frame one expression as an element of a rule's list."""
    data = pack_attribute(2 | NESTED, encode(table, values))
    named = encode(EXPRESSION, {"name": name}) + data
    return pack_attribute(_LIST_ELEMENT | NESTED, named)


def _compare(value: bytes, equal: bool = True) -> bytes:
    return expression(
        "cmp",
        COMPARE,
        {
            "sreg": _REGISTER,
            "op": _EQUAL if equal else _NOT_EQUAL,
            "data": {"value": value},
        },
    )


def _meta(key: int) -> bytes:
    return expression("meta", META, {"dreg": _REGISTER, "key": key})


def _mask(mask: bytes) -> bytes:
    return expression(
        "bitwise",
        BITWISE,
        {
            "sreg": _REGISTER,
            "dreg": _REGISTER,
            "length": len(mask),
            "mask": {"value": mask},
            "xor": {"value": bytes(len(mask))},
        },
    )


def input_is(name: str, equal: bool = True) -> bytes:
    """``iifname "br0"``: the packet came in by this interface."""
    return _meta(_META_INPUT_NAME) + _compare(_interface(name), equal)


def output_is(name: str, equal: bool = True) -> bytes:
    """``oifname "br0"``: the packet is to leave by this interface."""
    return _meta(_META_OUTPUT_NAME) + _compare(_interface(name), equal)


def _interface(name: str) -> bytes:
    return name.encode().ljust(_NAME_BYTES, b"\0")


def is_ipv4() -> bytes:
    """``meta nfproto ipv4``: in an inet table, before looking into the IP header."""
    return _meta(_META_NFPROTO) + _compare(bytes([socket.AF_INET]))


def protocol_is(protocol: int) -> bytes:
    """``meta l4proto tcp``."""
    return _meta(_META_L4PROTO) + _compare(bytes([protocol]))


def source_in(subnet: str) -> bytes:
    """``ip saddr 172.18.0.0/16``."""
    return _address(_SOURCE_OFFSET, subnet)


def destination_in(subnet: str) -> bytes:
    """``ip daddr 172.18.0.0/16``."""
    return _address(_DESTINATION_OFFSET, subnet)


def _address(offset: int, subnet: str) -> bytes:
    network = ipaddress.IPv4Network(subnet)
    load = expression(
        "payload",
        PAYLOAD,
        {
            "dreg": _REGISTER,
            "base": _NETWORK_HEADER,
            "offset": offset,
            "length": 4,
        },
    )
    mask = b"" if network.prefixlen == 32 else _mask(network.netmask.packed)
    return load + mask + _compare(network.network_address.packed)


def port_is(port: int) -> bytes:
    """``th dport 53``: after ``meta l4proto tcp`` or ``udp``."""
    load = expression(
        "payload",
        PAYLOAD,
        {
            "dreg": _REGISTER,
            "base": _TRANSPORT_HEADER,
            "offset": _PORT_OFFSET,
            "length": 2,
        },
    )
    return load + _compare(struct.pack(">H", port))


def is_established() -> bytes:
    """``ct state established,related``: part of a talk that somebody was let begin."""
    return _state(_ESTABLISHED | _RELATED)


def is_stranger() -> bytes:
    """``ct state ! established,related``: first, untracked or senseless packets."""
    return _state(_ESTABLISHED | _RELATED, equal=True)


def _state(bits: int, *, equal: bool = False) -> bytes:
    # Connection tracking's registers are in the machine's byte order.
    load = expression("ct", CONNTRACK, {"dreg": _REGISTER, "key": _STATE_KEY})
    return load + _mask(struct.pack("=I", bits)) + _compare(bytes(4), equal=equal)


def is_for_this_host() -> bytes:
    """``fib daddr type local``: the destination is one of our own addresses."""
    load = expression(
        "fib",
        FIB,
        {
            "dreg": _REGISTER,
            "result": _ADDRESS_TYPE_RESULT,
            "flags": _FOR_DESTINATION,
        },
    )
    return load + _compare(struct.pack("=I", _LOCAL))


def count() -> bytes:
    """``counter``: shown by ``nft list``, for the curious."""
    return expression("counter", {}, {})


def accept() -> bytes:
    return _verdict(_ACCEPT)


def drop() -> bytes:
    return _verdict(_DROP)


def _verdict(code: int) -> bytes:
    return expression(
        "immediate",
        IMMEDIATE,
        {"dreg": _VERDICT_REGISTER, "data": {"verdict": {"code": code}}},
    )


def masquerade() -> bytes:
    """Leave with the address of the interface it leaves by."""
    return expression("masq", {}, {})


def redirect_to(address: str, port: int = 0) -> bytes:
    """``dnat ip to 10.189.0.1``: send it elsewhere; without a port to the same one."""
    values: Values = {
        "type": _DESTINATION_NAT,
        "family": socket.AF_INET,
        "address": _SECOND_REGISTER,
    }
    load = _load(_SECOND_REGISTER, ipaddress.IPv4Address(address).packed)
    if port:
        values = {**values, "port": _THIRD_REGISTER}
        load += _load(_THIRD_REGISTER, struct.pack(">H", port))
    return load + expression("nat", NAT, values)


def _load(register: int, value: bytes) -> bytes:
    return expression(
        "immediate", IMMEDIATE, {"dreg": register, "data": {"value": value}}
    )
