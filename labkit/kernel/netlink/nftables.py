"""nf_tables over netlink: tables, chains and rules, changed all together or not at all.

    struct nfgenmsg { __u8 nfgen_family; __u8 version; __be16 res_id; };

Changes travel between a *batch begin* and a *batch end*; the kernel checks them all and
then switches to the new generation at once, so that no packet ever meets half a rule
set. What ``nft`` does, without the program: a rule is a list of small expressions
(``expressions.py``) that load registers, compare them and end in a verdict.
"""

import enum
import errno
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.kernel.netlink.codec import (
    BE32,
    BE64,
    RAW,
    TEXT,
    Field,
    Message,
    Table,
    decode,
    encode,
    nested,
)
from labkit.kernel.netlink.transport import NetlinkSocket, Request

NFGENMSG = struct.Struct(">BBH")

_SUBSYSTEM = 10 << 8  # NFNL_SUBSYS_NFTABLES
_BATCH_BEGIN, _BATCH_END = 0x10, 0x11
_NEW_TABLE, _GET_TABLE, _DELETE_TABLE = 0, 1, 2
_NEW_CHAIN, _GET_CHAIN = 3, 4
_NEW_RULE, _GET_RULE, _DELETE_RULE = 6, 7, 8
_CREATE, _APPEND = 0x400, 0x800
_COMMENT = 0  # NFTNL_UDATA_RULE_COMMENT: u8 type, u8 length, text with NUL

TABLE: Table = {"name": Field(1, TEXT), "flags": Field(2, BE32)}
HOOK: Table = {"number": Field(1, BE32), "priority": Field(2, BE32)}
CHAIN: Table = {
    "table": Field(1, TEXT),
    "name": Field(3, TEXT),
    "hook": Field(4, nested(HOOK)),
    "policy": Field(5, BE32),
    "type": Field(7, TEXT),
}
RULE: Table = {
    "table": Field(1, TEXT),
    "chain": Field(2, TEXT),
    "handle": Field(3, BE64),
    "expressions": Field(4, RAW),
    "userdata": Field(7, RAW),
}


class Family(enum.IntEnum):
    """NFPROTO_*: what a table sees. INET is IPv4 and IPv6 in one."""

    UNSPEC = 0
    INET = 1
    IP = 2
    IP6 = 10


class Hook(enum.IntEnum):
    """NF_INET_*: where on a packet's way a chain is called."""

    PREROUTING = 0
    INPUT = 1
    FORWARD = 2
    OUTPUT = 3
    POSTROUTING = 4


class Policy(enum.IntEnum):
    """What becomes of a packet that no rule decided on."""

    DROP = 0
    ACCEPT = 1


@dataclass(frozen=True, slots=True)
class Chain:
    """A base chain: called by the kernel at ``hook``, lower priority first."""

    name: str
    type: str  # filter or nat
    hook: Hook
    priority: int
    policy: Policy = Policy.ACCEPT


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it says in nft's language and the bytes that say it."""

    chain: str
    text: str
    expressions: bytes


@dataclass(frozen=True, slots=True)
class FoundRule:
    """A rule as listed: enough to find ours among others' and to delete it."""

    chain: str
    handle: int
    comment: str


def add_table(family: Family, name: str) -> Request:
    body = encode(TABLE, {"name": name})
    return _request(_NEW_TABLE, _CREATE, family, body, f"create nft table {name!r}")


def delete_table(family: Family, name: str) -> Request:
    body = encode(TABLE, {"name": name})
    return _request(_DELETE_TABLE, 0, family, body, f"delete nft table {name!r}")


def add_chain(family: Family, table: str, chain: Chain) -> Request:
    body = encode(
        CHAIN,
        {
            "table": table,
            "name": chain.name,
            "hook": {
                "number": chain.hook,
                "priority": chain.priority & 0xFFFFFFFF,
            },
            "type": chain.type,
            "policy": chain.policy,
        },
    )
    purpose = f"create nft chain {table!r} {chain.name!r}"
    return _request(_NEW_CHAIN, _CREATE, family, body, purpose)


def add_rule(family: Family, table: str, rule: Rule) -> Request:
    """Append a rule to its chain."""
    body = encode(
        RULE, {"table": table, "chain": rule.chain, "expressions": rule.expressions}
    )
    purpose = f"add nft rule {rule.text!r} to {table!r} {rule.chain!r}"
    return _request(_NEW_RULE, _CREATE | _APPEND, family, body, purpose)


def insert_rule(family: Family, table: str, rule: Rule, comment: str) -> Request:
    """Put a rule first in another program's chain, with a comment to find it by."""
    text = comment.encode() + b"\0"
    body = encode(
        RULE,
        {
            "table": table,
            "chain": rule.chain,
            "expressions": rule.expressions,
            "userdata": bytes([_COMMENT, len(text)]) + text,
        },
    )
    purpose = f"insert nft rule {rule.text!r} into {table!r} {rule.chain!r}"
    return _request(_NEW_RULE, _CREATE, family, body, purpose)


def delete_rule(family: Family, table: str, chain: str, handle: int) -> Request:
    body = encode(RULE, {"table": table, "chain": chain, "handle": handle})
    purpose = f"delete nft rule {handle} of {table!r} {chain!r}"
    return _request(_DELETE_RULE, 0, family, body, purpose)


def commit(netlink: NetlinkSocket, requests: Sequence[Request]) -> None:
    """Make all changes, or none."""
    # The batch's frames name the subsystem in the resource id.
    frame = NFGENMSG.pack(0, 0, 10)
    netlink.transact(
        requests, Message(_BATCH_BEGIN, 0, frame), Message(_BATCH_END, 0, frame)
    )


def replace_table(
    netlink: NetlinkSocket,
    family: Family,
    name: str,
    chains: Sequence[Chain],
    rules: Sequence[Rule],
) -> None:
    """Put a whole table in the place of the one of that name, if any, at one blow.

    Adding a table that is there already is no error, so add + delete + add works
    whether it was there or not.
    """
    fresh = [add_table(family, name), delete_table(family, name)]
    commit(
        netlink,
        [
            *fresh,
            add_table(family, name),
            *(add_chain(family, name, chain) for chain in chains),
            *(add_rule(family, name, rule) for rule in rules),
        ],
    )


def remove_table(netlink: NetlinkSocket, family: Family, name: str) -> None:
    """Remove a table with all in it; one that isn't there is fine."""
    commit(netlink, [add_table(family, name), delete_table(family, name)])


def list_rules(
    netlink: NetlinkSocket, family: Family, table: str, chain: str
) -> list[FoundRule] | None:
    """List a chain's rules; None if there is no such table or chain."""
    message = _message(
        _GET_CHAIN, 0, family, encode(CHAIN, {"table": table, "name": chain})
    )
    purpose = f"list nft rules of {table!r} {chain!r}"
    try:
        netlink.ask(message, purpose)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EOPNOTSUPP):
            return None
        raise
    body = encode(RULE, {"table": table, "chain": chain})
    answers = netlink.dump(_message(_GET_RULE, 0, family, body), purpose)
    return [_read_rule(answer) for answer in answers]


def _read_rule(message: Message) -> FoundRule:
    values = decode(RULE, message.body[NFGENMSG.size :])
    return FoundRule(
        values.get("chain", ""),
        values.get("handle", 0),
        _read_comment(values.get("userdata", b"")),
    )


def _read_comment(userdata: bytes) -> str:
    offset = 0
    while offset + 2 <= len(userdata):
        kind, length = userdata[offset], userdata[offset + 1]
        if kind == _COMMENT:
            text = userdata[offset + 2 : offset + 2 + length]
            return text.rstrip(b"\0").decode(errors="replace")
        offset += 2 + length
    return ""


def _message(kind: int, flags: int, family: int, body: bytes) -> Message:
    return Message(_SUBSYSTEM | kind, flags, NFGENMSG.pack(family, 0, 0) + body)


def _request(
    kind: int, flags: int, family: Family, body: bytes, purpose: str
) -> Request:
    return Request(_message(kind, flags, family, body), purpose)
