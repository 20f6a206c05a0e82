"""Rules as bytes; that the kernel takes them and nft reads them is a system test."""

import pytest

from labkit.kernel.netlink import expressions as nft
from labkit.kernel.netlink.codec import split_attributes


def names(rule: bytes) -> list[str]:
    """Return the names of a rule's expressions, in order."""
    found = []
    for _, element in split_attributes(rule):
        (first, *_) = split_attributes(element)
        found.append(first[1].rstrip(b"\0").decode())
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (nft.input_is("br0"), ["meta", "cmp"]),
        (nft.source_in("172.18.0.0/16"), ["payload", "bitwise", "cmp"]),
        (nft.source_in("10.0.0.1/32"), ["payload", "cmp"]),
        (nft.is_established() + nft.accept(), ["ct", "bitwise", "cmp", "immediate"]),
        (nft.is_for_this_host(), ["fib", "cmp"]),
        (nft.count() + nft.masquerade(), ["counter", "masq"]),
        (nft.redirect_to("10.0.0.1"), ["immediate", "nat"]),
        (nft.redirect_to("10.0.0.1", 80), ["immediate", "immediate", "nat"]),
        (nft.protocol_is(6) + nft.port_is(53), ["meta", "cmp", "payload", "cmp"]),
        (nft.is_stranger() + nft.drop(), ["ct", "bitwise", "cmp", "immediate"]),
        (nft.is_ipv4() + nft.protocol_is(6), ["meta", "cmp", "meta", "cmp"]),
    ],
)
def test_phrases_are_made_of_the_expressions_nft_uses(
    rule: bytes, expected: list[str]
) -> None:
    assert names(rule) == expected


def test_an_interface_name_fills_sixteen_bytes() -> None:
    assert b"docker0".ljust(16, b"\0") in nft.output_is("docker0")


def test_a_subnet_is_compared_by_its_network_address() -> None:
    rule = nft.destination_in("172.18.0.0/16")
    assert bytes([172, 18, 0, 0]) in rule
    assert bytes([255, 255, 0, 0]) in rule


def test_equal_and_not_equal_differ_in_the_operator_alone() -> None:
    equal, different = nft.input_is("br0"), nft.input_is("br0", equal=False)
    assert len(equal) == len(different)
    assert sum(a != b for a, b in zip(equal, different, strict=True)) == 1
