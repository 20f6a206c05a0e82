"""The keys that leave a container."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.api.detach_keys import DetachScanner, parse_keys
from labkit.base.errors import InvalidInputError

DEFAULT = b"\x10\x11"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", DEFAULT),
        ("ctrl-p,ctrl-q", DEFAULT),
        ("a,b", b"ab"),
        ("ctrl-a,x", b"\x01x"),
        ("ctrl-@,ctrl-[,ctrl-_", b"\x00\x1b\x1f"),
        ("ctrl-A", b"\x01"),
    ],
)
def test_reads_keys(text: str, keys: bytes) -> None:
    assert parse_keys(text) == keys


@pytest.mark.parametrize("text", ["ctrl-", "ctrl-!", "ab", "a,,b", "ü"])
def test_refuses_what_is_no_key(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid detach keys"):
        parse_keys(text)


def test_holds_the_first_key_until_the_next_decides() -> None:
    scanner = DetachScanner(DEFAULT)
    assert scanner.feed(b"a\x10") == b"a"
    assert scanner.feed(b"b") == b"\x10b"
    assert not scanner.detached


def test_detaches_and_passes_nothing_more() -> None:
    scanner = DetachScanner(DEFAULT)
    assert scanner.feed(b"a\x10") == b"a"
    assert scanner.feed(b"\x11rest") == b""
    assert scanner.detached


def test_the_first_key_twice_begins_anew() -> None:
    scanner = DetachScanner(DEFAULT)
    assert scanner.feed(b"\x10\x10\x11") == b"\x10"
    assert scanner.detached


def test_gives_back_what_it_held_at_the_end() -> None:
    scanner = DetachScanner(DEFAULT)
    assert scanner.feed(b"\x10") + scanner.finish() == b"\x10"
    assert scanner.finish() == b""


@given(st.lists(st.binary(max_size=8), max_size=8))
def test_loses_no_byte_without_the_sequence(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    if DEFAULT in whole:
        return
    scanner = DetachScanner(DEFAULT)
    passed = b"".join(scanner.feed(piece) for piece in pieces) + scanner.finish()
    assert passed == whole
