"""``80/tcp`` and its kin."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.ports_text import parse_exposed, parse_port_filter


def test_reads() -> None:
    assert parse_exposed("80") == ((80, "tcp"),)
    assert parse_exposed("53/UDP") == ((53, "udp"),)
    assert parse_exposed("80-82/tcp") == ((80, "tcp"), (81, "tcp"), (82, "tcp"))


@pytest.mark.parametrize("text", ["", "x", "80/foo", "99999", "82-80", "80-", "-80"])
def test_refuses(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"invalid (proto|containerPort)"):
        parse_exposed(text)


def test_reads_filters() -> None:
    assert parse_port_filter("publish", "80") == ((80, "tcp"),)
    assert parse_port_filter("expose", "5-6/udp") == ((5, "udp"), (6, "udp"))
    assert parse_port_filter("expose", "80/odd") == ((80, "odd"),)  # has nobody


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x", 'strconv.ParseUint: parsing "x": invalid syntax'),
        ("99999", 'strconv.ParseUint: parsing "99999": value out of range'),
        ("5-", 'strconv.ParseUint: parsing "": invalid syntax'),
        ("9-5", "invalid range specified for port: 9-5"),
        ("", "empty string specified for ports"),
    ],
)
def test_a_filter_says_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_port_filter("expose", text)
    assert caught.value.message == (
        f"error while looking up for expose {text}: {problem}"
    )


def test_a_filter_has_no_address() -> None:
    with pytest.raises(InvalidInputError, match="should not contain ':': 80:80"):
        parse_port_filter("publish", "80:80")
