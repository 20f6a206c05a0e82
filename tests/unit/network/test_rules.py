"""The firewall's text, from the networks alone."""

from labkit.kernel.netlink import expressions as nft
from labkit.network.model import Network, Subnet
from labkit.network.rules import (
    Uplink,
    docker_user_rules,
    engine_rules,
    host_rules,
    ipv4_subnets,
)

UPLINK = Uplink("labkit-abc123", "10.189.0.0/30", "10.189.0.1", "10.189.0.2")
ICC = "com.docker.network.bridge.enable_icc"
MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade"


def network(letter: str, internal: bool = False, **options: str) -> Network:
    subnet = Subnet(f"172.{20 + ord(letter) - ord('a')}.0.0/16", "")
    named = {ICC if key == "icc" else MASQUERADE: v for key, v in options.items()}
    return Network(
        letter * 64, letter, "bridge", (subnet,), internal=internal, options=named
    )


def texts(networks: list[Network], chain: str, uplink: Uplink | None = UPLINK) -> str:
    rules = engine_rules(networks, uplink)
    return "\n".join(rule.text for rule in rules if rule.chain == chain)


def test_two_networks_meet_nowhere() -> None:
    lines = texts([network("a"), network("b")], "forward").splitlines()
    assert lines == [
        "ct state established,related accept",
        'iifname "br-aaaaaaaaaaaa" oifname "br-aaaaaaaaaaaa" counter accept',
        'iifname "br-aaaaaaaaaaaa" oifname "uplink" counter accept',
        'iifname "uplink" oifname "br-aaaaaaaaaaaa" counter accept',
        'iifname "br-bbbbbbbbbbbb" oifname "br-bbbbbbbbbbbb" counter accept',
        'iifname "br-bbbbbbbbbbbb" oifname "uplink" counter accept',
        'iifname "uplink" oifname "br-bbbbbbbbbbbb" counter accept',
    ]


def test_an_internal_network_has_no_way_out_but_the_host_looks_in() -> None:
    forward = texts([network("a", internal=True)], "forward")
    assert 'oifname "uplink"' not in forward
    assert 'iifname "uplink" oifname "br-aaaaaaaaaaaa"' in forward
    assert texts([network("a", internal=True)], "postrouting") == ""


def test_without_icc_nothing_passes_on_the_bridge() -> None:
    forward = texts([network("a", icc="false")], "forward")
    assert 'iifname "br-aaaaaaaaaaaa" oifname "br-aaaaaaaaaaaa"' not in forward


def test_masquerade_can_be_switched_off_by_network() -> None:
    both = [network("a"), network("b", masquerade="false")]
    assert texts(both, "postrouting") == (
        'ip saddr 172.20.0.0/16 oifname "uplink" counter masquerade'
    )


def test_the_gateways_ports_are_the_hosts() -> None:
    lines = texts([network("a")], "prerouting").splitlines()
    assert [line.split("l4proto ")[1].split()[0] for line in lines] == ["tcp", "udp"]
    assert all(line.endswith("dnat ip to 10.189.0.1") for line in lines)


def test_nothing_in_the_engines_namespace_answers_but_ping() -> None:
    assert texts([network("a")], "input").splitlines() == [
        "ct state established,related accept",
        'iifname "lo" accept',
        "meta l4proto icmp accept",
        "meta l4proto ipv6-icmp accept",
    ]


def test_without_an_uplink_no_rule_names_it() -> None:
    rules = engine_rules([network("a")], None)
    assert not [rule for rule in rules if "uplink" in rule.text]


def test_the_hosts_table_names_our_uplink_only() -> None:
    rules = host_rules(UPLINK)
    assert all('"labkit-abc123"' in rule.text for rule in rules)
    assert "ct state ! established,related counter drop" in rules[0].text
    assert rules[1].text.startswith("ip saddr 10.189.0.2 ")


def test_dockers_user_chain_lets_pass_what_our_own_table_does() -> None:
    out, back = docker_user_rules(UPLINK)
    assert out.text == 'iifname "labkit-abc123" counter accept'
    assert back.text == 'oifname "labkit-abc123" counter accept'
    # iptables could read no rule with this one in it.
    for rule in (out, back):
        assert nft.is_established() not in rule.expressions


def test_ipv6_subnets_are_not_masqueraded() -> None:
    both = Network(
        "a" * 64,
        "n",
        "bridge",
        (Subnet("172.20.0.0/16", ""), Subnet("fd00::/64", "")),
    )
    assert ipv4_subnets(both) == ["172.20.0.0/16"]
