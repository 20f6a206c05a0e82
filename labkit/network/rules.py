"""The firewall, as a pure function of the networks that are there.

Two tables of nf_tables. ``labkit`` lives in the engine's own namespace, where all
bridges are:

    prerouting   what a container sends to its gateway's ports goes on to the host: on
                 any other Docker host gateway and host are one
    input        nothing else in this namespace is to be talked to, ping excepted
    forward      policy drop. Out by the uplink, in from the host, never from one bridge
                 to another, and from an internal network nowhere
    postrouting  masquerade: what leaves by the uplink has the uplink's address

``labkit_<engine id>`` lives in the host's namespace and only ever names our uplink:

    forward      other machines start no talk with containers but by published ports
    postrouting  masquerade once more, towards the world

A table is always replaced whole, in one transaction: no packet meets half of it.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from labkit.kernel.netlink import expressions as nft
from labkit.kernel.netlink.nftables import Chain, Hook, Policy, Rule
from labkit.network.model import Network
from labkit.network.naming import (
    UPLINK_INSIDE,
    bridge_name,
    has_icc,
    is_masqueraded,
)

_DESTINATION_NAT, _FILTER, _SOURCE_NAT = -100, 0, 100  # priorities as nft names them
_IPPROTO_ICMP, _IPPROTO_ICMPV6 = 1, 58
_PORT_PROTOCOLS = (("tcp", socket.IPPROTO_TCP), ("udp", socket.IPPROTO_UDP))


@dataclass(frozen=True, slots=True)
class Uplink:
    """The veth pair between the host's namespace and the engine's."""

    outside: str  # the interface's name on the host's side
    subnet: str  # a /30
    outside_address: str
    inside_address: str


ENGINE_CHAINS = (
    Chain("prerouting", "nat", Hook.PREROUTING, _DESTINATION_NAT),
    Chain("input", "filter", Hook.INPUT, _FILTER, Policy.DROP),
    Chain("forward", "filter", Hook.FORWARD, _FILTER, Policy.DROP),
    Chain("postrouting", "nat", Hook.POSTROUTING, _SOURCE_NAT),
)

HOST_CHAINS = (
    Chain("forward", "filter", Hook.FORWARD, _FILTER),
    Chain("postrouting", "nat", Hook.POSTROUTING, _SOURCE_NAT),
)


def engine_rules(networks: Iterable[Network], uplink: Uplink | None) -> list[Rule]:
    """Say what may pass in the engine's namespace."""
    ordered = sorted(networks, key=bridge_name)
    rules = [*_input_rules(), _established("forward")]
    for network in ordered:
        rules += _forward_rules(network, uplink is not None)
    if uplink is None:
        return rules
    for name, number in _PORT_PROTOCOLS:
        rules.append(_gateway_is_the_host(name, number, uplink))
    for network in ordered:
        rules += _masquerade_rules(network)
    return rules


def _input_rules() -> list[Rule]:
    return [
        _established("input"),
        Rule("input", 'iifname "lo" accept', nft.input_is("lo") + nft.accept()),
        *(
            Rule(
                "input",
                f"meta l4proto {name} accept",
                nft.protocol_is(number) + nft.accept(),
            )
            for name, number in (
                ("icmp", _IPPROTO_ICMP),
                ("ipv6-icmp", _IPPROTO_ICMPV6),
            )
        ),
    ]


def _established(chain: str) -> Rule:
    return Rule(
        chain,
        "ct state established,related accept",
        nft.is_established() + nft.accept(),
    )


def _forward_rules(network: Network, has_uplink: bool) -> list[Rule]:
    bridge = bridge_name(network)
    rules = []
    if has_icc(network):
        # Seen only where bridged packets are shown to the IP firewall (br_netfilter).
        rules.append(_pass(bridge, bridge))
    if has_uplink:
        if not network.internal:
            rules.append(_pass(bridge, UPLINK_INSIDE))
        rules.append(_pass(UPLINK_INSIDE, bridge))
    return rules


def _pass(source: str, target: str) -> Rule:
    return Rule(
        "forward",
        f'iifname "{source}" oifname "{target}" counter accept',
        nft.input_is(source) + nft.output_is(target) + nft.count() + nft.accept(),
    )


def _gateway_is_the_host(name: str, number: int, uplink: Uplink) -> Rule:
    return Rule(
        "prerouting",
        f'iifname != "{UPLINK_INSIDE}" meta nfproto ipv4 meta l4proto {name}'
        f" fib daddr type local counter dnat ip to {uplink.outside_address}",
        nft.input_is(UPLINK_INSIDE, equal=False)
        + nft.is_ipv4()
        + nft.protocol_is(number)
        + nft.is_for_this_host()
        + nft.count()
        + nft.redirect_to(uplink.outside_address),
    )


def _masquerade_rules(network: Network) -> list[Rule]:
    if not is_masqueraded(network):
        return []
    return [
        Rule(
            "postrouting",
            f'ip saddr {subnet} oifname "{UPLINK_INSIDE}" counter masquerade',
            nft.is_ipv4()
            + nft.source_in(subnet)
            + nft.output_is(UPLINK_INSIDE)
            + nft.count()
            + nft.masquerade(),
        )
        for subnet in ipv4_subnets(network)
    ]


def host_rules(uplink: Uplink) -> list[Rule]:
    """Say what may pass on the host's side of the uplink."""
    return [
        Rule(
            "forward",
            f'iifname != "{uplink.outside}" oifname "{uplink.outside}"'
            " ct state ! established,related counter drop",
            nft.input_is(uplink.outside, equal=False)
            + nft.output_is(uplink.outside)
            + nft.is_stranger()
            + nft.count()
            + nft.drop(),
        ),
        Rule(
            "postrouting",
            f'ip saddr {uplink.inside_address} oifname != "{uplink.outside}"'
            " counter masquerade",
            nft.source_in(f"{uplink.inside_address}/32")
            + nft.output_is(uplink.outside, equal=False)
            + nft.count()
            + nft.masquerade(),
        ),
    ]


def docker_user_rules(uplink: Uplink) -> list[Rule]:
    """Let our traffic through dockerd's FORWARD chain, whose policy is drop.

    DOCKER-USER is the chain that dockerd leaves to its users and never flushes. An
    accept in a table of ours wouldn't do: every base chain on a hook has to accept.
    What strangers send drops out in ours (``host_rules``), for a ``ct`` in here would
    make iptables refuse to show or save the whole table: it knows only its own form.
    """
    return [
        Rule(
            "DOCKER-USER",
            f'iifname "{uplink.outside}" counter accept',
            nft.input_is(uplink.outside) + nft.count() + nft.accept(),
        ),
        Rule(
            "DOCKER-USER",
            f'oifname "{uplink.outside}" counter accept',
            nft.output_is(uplink.outside) + nft.count() + nft.accept(),
        ),
    ]


def ipv4_subnets(network: Network) -> list[str]:
    return [
        subnet.subnet
        for subnet in network.subnets
        if ipaddress.ip_network(subnet.subnet, strict=False).version == 4
    ]
