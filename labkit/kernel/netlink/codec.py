"""Netlink's bytes: headers and attributes, without any input or output.

Every netlink message is the same three things (netlink(7)):

    struct nlmsghdr | fixed struct of the family | attribute attribute attribute ...
                                                   \\- struct nlattr { u16 len, type }
                                                      payload, padded to four bytes

What an attribute's payload *means* is not in the bytes: it is agreed upon in a kernel
header. So each family has tables here that stand beside the C enum they mirror, and
one pair of functions turns a mapping into bytes and back by such a table:

    LINK = {"ifname": Field(3, TEXT), "mtu": Field(4, U32), ...}
    encode(LINK, {"ifname": "docker0", "mtu": 1500})  ->  bytes
    decode(LINK, data)                                ->  {"ifname": "docker0", ...}

Unknown attributes are skipped when read: kernels grow.
"""

import ipaddress
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NESTED = 0x8000  # NLA_F_NESTED: the payload is attributes again
_TYPE_MASK = 0x3FFF  # the two upper bits are flags
_ALIGNMENT = 4

HEADER = struct.Struct("=IHHII")  # nlmsghdr: len, type, flags, seq, pid
_ATTRIBUTE = struct.Struct("=HH")  # nlattr: len, type
_ERRNO = struct.Struct("=i")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one sort of payload is written and read."""

    name: str
    pack: Callable[[Any], bytes]
    unpack: Callable[[bytes], Any]
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a family's table: the attribute's number and its payload's kind."""

    code: int
    kind: Kind


Table = Mapping[str, Field]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One netlink message; ``body`` is the fixed struct and the attributes."""

    type: int
    flags: int
    body: bytes
    sequence: int = 0
    port: int = 0


def _integer(name: str, layout: str) -> Kind:
    shape = struct.Struct(layout)
    return Kind(name, shape.pack, lambda data: shape.unpack(data[: shape.size])[0])


U8 = _integer("u8", "=B")
U16 = _integer("u16", "=H")
U32 = _integer("u32", "=I")
S32 = _integer("s32", "=i")
BE16 = _integer("be16", ">H")
BE32 = _integer("be32", ">I")  # nf_tables speaks network byte order throughout
BE64 = _integer("be64", ">Q")
RAW = Kind("raw", bytes, bytes)
TEXT = Kind(
    "text",
    lambda text: text.encode() + b"\0",
    lambda data: data.rstrip(b"\0").decode(errors="replace"),
)
MAC = Kind(
    "mac",
    lambda text: bytes.fromhex(text.replace(":", "")),
    lambda data: data.hex(":"),
)
ADDRESS = Kind(
    "address",
    lambda text: ipaddress.ip_address(text).packed,
    lambda data: str(ipaddress.ip_address(data)),
)


def nested(table: Table) -> Kind:
    """Attributes inside an attribute."""
    return Kind(
        "nested",
        lambda values: encode(table, values),
        lambda data: decode(table, data),
        flags=NESTED,
    )


def pack_attribute(code: int, payload: bytes) -> bytes:
    """Frame one payload: length, number, bytes, padding (netlink(7))."""
    length = _ATTRIBUTE.size + len(payload)
    return _ATTRIBUTE.pack(length, code) + payload + b"\0" * (-length % _ALIGNMENT)


def encode(table: Table, values: Values) -> bytes:
    """Write attributes in the order of ``values``."""
    parts = []
    for name, value in values.items():
        field = table[name]
        parts.append(
            pack_attribute(field.code | field.kind.flags, field.kind.pack(value))
        )
    return b"".join(parts)


def decode(table: Table, data: bytes) -> dict[str, Any]:
    """Read the attributes that the table knows; the last of a repeated one wins."""
    by_code = {field.code: (name, field.kind) for name, field in table.items()}
    found = {}
    for code, payload in split_attributes(data):
        if code in by_code:
            name, kind = by_code[code]
            found[name] = kind.unpack(payload)
    return found


def split_attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (number, payload), flags removed; stops where the bytes make no sense."""
    offset = 0
    while offset + _ATTRIBUTE.size <= len(data):
        length, code = _ATTRIBUTE.unpack_from(data, offset)
        if length < _ATTRIBUTE.size or offset + length > len(data):
            return
        yield code & _TYPE_MASK, data[offset + _ATTRIBUTE.size : offset + length]
        offset += (length + _ALIGNMENT - 1) & -_ALIGNMENT


def pack_message(message: Message) -> bytes:
    length = HEADER.size + len(message.body)
    header = HEADER.pack(
        length, message.type, message.flags, message.sequence, message.port
    )
    return header + message.body + b"\0" * (-length % _ALIGNMENT)


def split_messages(data: bytes) -> Iterator[Message]:
    """Yield the messages of one datagram."""
    offset = 0
    while offset + HEADER.size <= len(data):
        length, kind, flags, sequence, port = HEADER.unpack_from(data, offset)
        if length < HEADER.size or offset + length > len(data):
            return
        body = data[offset + HEADER.size : offset + length]
        yield Message(kind, flags, body, sequence, port)
        offset += (length + _ALIGNMENT - 1) & -_ALIGNMENT


# struct nlmsgerr { int error; struct nlmsghdr msg; } and, if asked for by
# NETLINK_EXT_ACK, attributes in which the kernel says in words what it disliked.
EXTENDED_ACK: Table = {"message": Field(1, TEXT), "offset": Field(2, U32)}
_CAPPED = 0x100  # NLM_F_CAPPED: the offending message was left out
_HAS_ATTRIBUTES = 0x200  # NLM_F_ACK_TLVS


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The kernel's verdict on one message: 0, or an errno and perhaps a sentence."""

    errno: int
    text: str = ""


def read_acknowledgement(message: Message) -> Acknowledgement:
    """Read a NLMSG_ERROR message, which is an acknowledgement when its error is 0."""
    (error,) = _ERRNO.unpack_from(message.body)
    if not message.flags & _HAS_ATTRIBUTES:
        return Acknowledgement(-error)
    offset = _ERRNO.size + HEADER.size
    if not message.flags & _CAPPED:
        (original_length,) = struct.unpack_from("=I", message.body, _ERRNO.size)
        offset = _ERRNO.size + ((original_length + 3) & ~3)
    found = decode(EXTENDED_ACK, message.body[offset:])
    return Acknowledgement(-error, found.get("message", ""))
