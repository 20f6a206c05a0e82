"""Messages about tables, chains and rules."""

from labkit.kernel.netlink.codec import Message, decode, encode
from labkit.kernel.netlink.nftables import (
    CHAIN,
    NFGENMSG,
    RULE,
    Chain,
    Family,
    Hook,
    Policy,
    Rule,
    _read_rule,
    add_chain,
    add_rule,
    insert_rule,
)


def test_a_base_chain_says_hook_priority_and_policy() -> None:
    chain = Chain("pre", "nat", Hook.PREROUTING, -100, Policy.DROP)
    message = add_chain(Family.INET, "labkit", chain).message
    assert message.type == 10 << 8 | 3
    assert message.body[0] == Family.INET
    values = decode(CHAIN, message.body[NFGENMSG.size :])
    assert values["hook"] == {"number": 0, "priority": 0xFFFFFFFF - 99}
    assert (values["type"], values["policy"]) == ("nat", 0)


def test_rules_are_appended_but_inserted_before_others_of_a_foreign_chain() -> None:
    rule = Rule("forward", "accept", b"")
    append = 0x800
    assert add_rule(Family.IP, "t", rule).message.flags & append
    assert not insert_rule(Family.IP, "t", rule, "mine").message.flags & append


def test_a_comment_is_written_as_nft_reads_it_and_found_again() -> None:
    rule = Rule("DOCKER-USER", "accept", b"")
    body = insert_rule(Family.IP, "filter", rule, "labkit_1").message.body
    written = decode(RULE, body[NFGENMSG.size :])["userdata"]
    assert written == b"\x00\x09labkit_1\0"
    listed = NFGENMSG.pack(2, 0, 0) + encode(
        RULE, {"chain": "DOCKER-USER", "handle": 7, "userdata": written}
    )
    found = _read_rule(Message(0, 0, listed))
    assert (found.chain, found.handle, found.comment) == ("DOCKER-USER", 7, "labkit_1")


def test_user_data_of_others_is_no_comment() -> None:
    listed = NFGENMSG.pack(2, 0, 0) + encode(RULE, {"userdata": b"\x05\x02ab"})
    assert _read_rule(Message(0, 0, listed)).comment == ""


def test_the_purpose_shows_the_rule_as_nft_would_write_it() -> None:
    rule = Rule("forward", 'iifname "br0" accept', b"")
    assert add_rule(Family.IP, "t", rule).purpose == (
        "add nft rule 'iifname \"br0\" accept' to 't' 'forward'"
    )
