"""Rules that our codec wrote, read back by the nft program."""

import errno

import pytest

from labkit.kernel.netlink import expressions as nft
from labkit.kernel.netlink.nftables import (
    Chain,
    Family,
    Hook,
    Policy,
    Rule,
    add_chain,
    add_rule,
    add_table,
    commit,
    delete_rule,
    insert_rule,
    list_rules,
    remove_table,
    replace_table,
)
from labkit.kernel.netlink.transport import NETLINK_NETFILTER, NetlinkError
from tests.system.netlink.namespaces import namespace

pytestmark = pytest.mark.root

CHAINS = (
    Chain("in", "filter", Hook.INPUT, 0, Policy.DROP),
    Chain("post", "nat", Hook.POSTROUTING, 100),
    Chain("pre", "nat", Hook.PREROUTING, -100),
)
PHRASES = {
    'iifname "br0"': nft.input_is("br0"),
    'oifname != "br0"': nft.output_is("br0", equal=False),
    "meta nfproto ipv4": nft.is_ipv4(),
    "meta l4proto tcp": nft.protocol_is(6),
    "ip saddr 172.18.0.0/16": nft.is_ipv4() + nft.source_in("172.18.0.0/16"),
    "ip daddr 10.0.0.1": nft.is_ipv4() + nft.destination_in("10.0.0.1/32"),
    "ct state established,related": nft.is_established(),
    "ct state ! established,related": nft.is_stranger(),
    "fib daddr type local": nft.is_for_this_host(),
}


@pytest.mark.parametrize("text", list(PHRASES))
def test_nft_reads_each_phrase_as_meant(text: str) -> None:
    rule = Rule("in", text, PHRASES[text] + nft.drop())
    with namespace() as place, place.open(NETLINK_NETFILTER) as netlink:
        replace_table(netlink, Family.INET, "t", CHAINS, [rule])
        assert f"{text} drop" in place.run("nft", "list", "table", "inet", "t")


def test_nft_reads_translations_as_meant() -> None:
    rules = [
        Rule("post", "", nft.count() + nft.masquerade()),
        Rule("pre", "", nft.is_ipv4() + nft.redirect_to("10.0.0.1")),
        Rule(
            "pre",
            "",
            nft.is_ipv4()
            + nft.protocol_is(6)
            + nft.port_is(53)
            + nft.redirect_to("10.0.0.2", 4053),
        ),
    ]
    with namespace() as place, place.open(NETLINK_NETFILTER) as netlink:
        replace_table(netlink, Family.INET, "t", CHAINS, rules)
        listed = place.run("nft", "list", "table", "inet", "t")
    assert "counter packets 0 bytes 0 masquerade" in listed
    assert "dnat ip to 10.0.0.1" in listed
    assert "tcp dport 53 dnat ip to 10.0.0.2:4053" in listed
    assert "type filter hook input priority filter; policy drop;" in listed


def test_a_table_is_replaced_whole_or_not_at_all() -> None:
    good = Rule("in", "accept", nft.accept())
    bad = Rule("nosuch", "accept", nft.accept())
    with namespace() as place, place.open(NETLINK_NETFILTER) as netlink:
        replace_table(netlink, Family.INET, "t", CHAINS, [good])
        before = place.run("nft", "list", "ruleset")
        with pytest.raises(NetlinkError, match="add nft rule 'accept' to 't' 'nosuch'"):
            replace_table(netlink, Family.INET, "t", CHAINS, [good, bad])
        assert place.run("nft", "list", "ruleset") == before
        replace_table(netlink, Family.INET, "t", CHAINS[:1], [])
        assert "accept" not in place.run("nft", "list", "ruleset").replace("policy", "")
        remove_table(netlink, Family.INET, "t")
        remove_table(netlink, Family.INET, "t")
        assert place.run("nft", "list", "ruleset") == ""


def test_a_foreign_chain_gets_our_rule_first_and_gives_it_back() -> None:
    theirs = Rule("in", "", nft.count())
    with namespace() as place, place.open(NETLINK_NETFILTER) as netlink:
        commit(
            netlink,
            [
                add_table(Family.IP, "filter"),
                add_chain(Family.IP, "filter", CHAINS[0]),
                add_rule(Family.IP, "filter", theirs),
                insert_rule(
                    Family.IP, "filter", Rule("in", "", nft.accept()), "labkit_1"
                ),
            ],
        )
        listed = place.run("nft", "list", "ruleset")
        assert listed.index('accept comment "labkit_1"') < listed.index("counter")
        found = list_rules(netlink, Family.IP, "filter", "in")
        assert found is not None
        (ours,) = [rule for rule in found if rule.comment == "labkit_1"]
        commit(netlink, [delete_rule(Family.IP, "filter", "in", ours.handle)])
        assert "labkit_1" not in place.run("nft", "list", "ruleset")


def test_a_chain_that_is_not_there_is_none() -> None:
    with namespace() as place, place.open(NETLINK_NETFILTER) as netlink:
        assert list_rules(netlink, Family.IP, "filter", "DOCKER-USER") is None


def test_a_refused_transaction_leaves_the_socket_in_step() -> None:
    with namespace() as place, place.open(NETLINK_NETFILTER) as netlink:
        for _ in range(3):
            with pytest.raises(NetlinkError) as caught:
                commit(netlink, [delete_rule(Family.IP, "t", "c", 1)])
            assert caught.value.errno == errno.ENOENT
        replace_table(netlink, Family.INET, "t", CHAINS, [])
        assert "chain in" in place.run("nft", "list", "ruleset")
