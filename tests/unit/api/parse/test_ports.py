"""Port bindings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.api.parse.fields import Fields
from labkit.api.parse.ports import parse_port, parse_port_bindings
from labkit.api.present.ports import binding_map
from labkit.base.errors import InvalidInputError
from labkit.network.model import PortBinding


def parse(**bindings: object) -> tuple[PortBinding, ...]:
    body = {name.replace("_", "/"): places for name, places in bindings.items()}
    return parse_port_bindings(Fields({"P": body}).field_lists("P"))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({}, PortBinding(80)),
        ({"HostIp": "", "HostPort": ""}, PortBinding(80)),
        ({"HostPort": "8080"}, PortBinding(80, "tcp", "", 8080)),
        ({"HostPort": "0"}, PortBinding(80)),
        (
            {"HostIp": "127.0.0.1", "HostPort": "8080"},
            PortBinding(80, "tcp", "127.0.0.1", 8080),
        ),
        ({"HostPort": "8000-8003"}, PortBinding(80, "tcp", "", 8000, 8003)),
        ({"HostPort": "8000-8000"}, PortBinding(80, "tcp", "", 8000, 8000)),
    ],
)
def test_reads_a_place(place: dict[str, str], expected: PortBinding) -> None:
    assert parse(**{"80_tcp": [place]}) == (expected,)


def test_a_port_may_be_seen_at_several_places() -> None:
    found = parse(**{"80": [{"HostPort": "1"}, {"HostPort": "2"}], "53_udp": [{}]})
    assert found == (
        PortBinding(80, "tcp", "", 1),
        PortBinding(80, "tcp", "", 2),
        PortBinding(53, "udp"),
    )


def test_a_port_without_places_is_not_published() -> None:
    assert parse(**{"80_tcp": None, "81_tcp": []}) == ()


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("80", (80, "tcp")),
        ("80/tcp", (80, "tcp")),
        ("53/UDP", (53, "udp")),
        ("9/sctp", (9, "sctp")),
        ("65535/tcp", (65535, "tcp")),
    ],
)
def test_reads_a_port(text: str, port: tuple[int, str]) -> None:
    assert parse_port(text) == port


@pytest.mark.parametrize("text", ["", "/tcp", "http", "65536", "-1", "8o", "٣", "80-"])
def test_refuses_what_is_no_port(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid port specification"):
        parse_port(text)


def test_refuses_an_unknown_protocol() -> None:
    with pytest.raises(InvalidInputError, match="invalid proto: icmp"):
        parse_port("80/icmp")


@pytest.mark.parametrize("text", ["x", "70000", "10-5", "5-", "-5", "1-2-3"])
def test_refuses_what_is_no_host_port(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid port specification"):
        parse(**{"80_tcp": [{"HostPort": text}]})


BINDINGS = st.builds(
    PortBinding,
    st.integers(1, 65535),
    st.sampled_from(["tcp", "udp", "sctp"]),
    st.sampled_from(["", "127.0.0.1", "::1"]),
    st.integers(0, 65535),
)


@given(st.lists(BINDINGS, max_size=4))
def test_what_is_shown_reads_as_it_was(bindings: list[PortBinding]) -> None:
    body = Fields({"P": binding_map(bindings)}).field_lists("P")
    assert sorted(parse_port_bindings(body), key=repr) == sorted(bindings, key=repr)
