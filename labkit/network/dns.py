"""What the name server at 127.0.0.11 answers: bytes in, bytes out, no sockets.

Each container asks a server of its own and sees the networks it is in, and no other.
A name is looked up in them in order, with or without ``.network`` at its end; the
first network that knows it answers. What no network knows goes to the host's resolvers,
unless there are none to be asked: then the answer is SERVFAIL, as with Docker.
"""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dnslib import AAAA, PTR, QTYPE, RCODE, RR, A, DNSError, DNSHeader, DNSRecord

TTL_SECONDS = 600  # libnetwork's
_PLAIN_UDP_BYTES = 512
_HEADER_BYTES = 12
_REVERSE_IPV4 = ".in-addr.arpa"
_REVERSE_IPV6 = ".ip6.arpa"

Rotate = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class NameTable:
    """The names of one network: ``label`` is the network's own name."""

    label: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reverse: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)  # the asker's own aliases


def make_table(
    label: str, names: Mapping[str, Sequence[str]], reverse: Mapping[str, str]
) -> NameTable:
    """Make a table whose names are found whatever their case (RFC 4343)."""
    folded = {name.lower(): tuple(addresses) for name, addresses in names.items()}
    return NameTable(label.lower(), folded, dict(reverse))


def parse_query(data: bytes) -> DNSRecord | None:
    """Read a question; None if it is none that can be answered."""
    try:
        record = DNSRecord.parse(data)
    except (DNSError, UnicodeError, IndexError):
        return None
    return record if record.questions and not record.header.qr else None


def answer_locally(
    query: DNSRecord, tables: Sequence[NameTable], rotate: Rotate
) -> DNSRecord | None:
    """Answer from the tables; None if no table knows the name."""
    kind = QTYPE.get(query.q.qtype)
    name = str(query.q.qname).rstrip(".").lower()
    if kind == "PTR":
        return _answer_reverse(query, tables, name)
    addresses = _look_up(tables, name)
    if addresses is None:
        return None
    reply = query.reply(ra=1, aa=0)
    for address in rotate(addresses):
        is_ipv6 = ":" in address
        if (kind == "AAAA") == is_ipv6 and kind in ("A", "AAAA"):
            data = AAAA(address) if is_ipv6 else A(address)
            reply.add_answer(
                RR(query.q.qname, query.q.qtype, rdata=data, ttl=TTL_SECONDS)
            )
    # A known name without an address of the kind asked for is an empty answer: with
    # NXDOMAIN a resolver that asked for AAAA would stop looking for A.
    return reply


def _look_up(tables: Sequence[NameTable], name: str) -> tuple[str, ...] | None:
    for table in tables:
        for plain in (name, name.removesuffix(f".{table.label}")):
            real = table.links.get(plain, plain)
            if real in table.names:
                return table.names[real]
    return None


def with_links(table: NameTable, links: Mapping[str, str]) -> NameTable:
    """Return a table as one container sees it, with its own words for others."""
    if not links:
        return table
    folded = {alias.lower(): name.lower() for alias, name in links.items()}
    return replace(table, links=folded)


def _answer_reverse(
    query: DNSRecord, tables: Sequence[NameTable], name: str
) -> DNSRecord | None:
    address = reversed_address(name)
    for table in tables:
        if address in table.reverse:
            reply = query.reply(ra=1, aa=0)
            target = PTR(table.reverse[address])
            reply.add_answer(
                RR(query.q.qname, QTYPE.PTR, rdata=target, ttl=TTL_SECONDS)
            )
            return reply
    return None


def reversed_address(name: str) -> str:
    """Turn ``2.0.18.172.in-addr.arpa`` into ``172.18.0.2``; "" if it is none."""
    if name.endswith(_REVERSE_IPV4):
        return ".".join(reversed(name.removesuffix(_REVERSE_IPV4).split(".")))
    if name.endswith(_REVERSE_IPV6):
        digits = "".join(reversed(name.removesuffix(_REVERSE_IPV6).split(".")))
        try:
            return str(ipaddress.IPv6Address(bytes.fromhex(digits)))
        except ValueError:
            return ""
    return ""


def refuse(query: DNSRecord, code: str) -> bytes:
    """Answer with nothing but a code: SERVFAIL, NXDOMAIN, ..."""
    reply = query.reply(ra=1, aa=0)
    reply.header.rcode = getattr(RCODE, code)
    return bytes(reply.pack())


def refuse_garbage(data: bytes) -> bytes | None:
    """Answer FORMERR to what has at least a header with an id in it."""
    if len(data) < _HEADER_BYTES or data[2] & 0x80:  # an answer is no question
        return None
    header = DNSHeader(id=int.from_bytes(data[:2], "big"), qr=1, ra=1)
    header.rcode = RCODE.FORMERR
    return bytes(DNSRecord(header).pack())


def fit_for_udp(reply: DNSRecord, query: DNSRecord) -> bytes:
    """Cut an answer that the asker can't take in one datagram; it will ask by TCP."""
    data = bytes(reply.pack())
    if len(data) <= _datagram_bytes(query):
        return data
    return bytes(reply.truncate().pack())


def _datagram_bytes(query: DNSRecord) -> int:
    """Return 512, or what the asker offers in its OPT record (RFC 6891)."""
    for extra in query.ar:
        if extra.rtype == QTYPE.OPT:
            return max(_PLAIN_UDP_BYTES, int(extra.rclass))
    return _PLAIN_UDP_BYTES
