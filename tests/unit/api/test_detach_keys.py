"""The keys that leave a container alone: parsing, and finding them in what is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.api.detach_keys import DetachScanner, parse_keys
from labkit.base.errors import InvalidInputError

DEFAULT = b"\x10\x11"  # ctrl-p ctrl-q


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", DEFAULT),
        ("ctrl-p,ctrl-q", DEFAULT),
        ("ctrl-P", b"\x10"),
        ("a,b", b"ab"),
        ("ctrl-a", b"\x01"),
        ("ctrl-z,x", b"\x1ax"),
        ("ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", b"\x00\x1b\x1c\x1d\x1e\x1f"),
    ],
)
def test_reads_sequences(text: str, keys: bytes) -> None:
    assert parse_keys(text) == keys


@pytest.mark.parametrize("text", ["ctrl-", "ctrl-aa", "ctrl-1", "ab", "a,,b", "ä", ","])
def test_refuses_what_is_no_key(text: str) -> None:
    with pytest.raises(InvalidInputError, match="unknown character"):
        parse_keys(text)


@pytest.mark.parametrize(
    ("typed", "passed", "detached"),
    [
        ([b"ls\n"], b"ls\n", False),
        ([b"\x10\x11"], b"", True),
        ([b"\x10", b"\x11"], b"", True),
        ([b"ls\x10\x11rest"], b"ls", True),
        ([b"\x10x"], b"\x10x", False),
        ([b"\x10", b"x"], b"\x10x", False),
        ([b"\x10\x10\x11"], b"\x10", True),
        ([b"\x10"], b"", False),
        ([b"\x11\x10"], b"\x11", False),
    ],
)
def test_finds_the_sequence(typed: list[bytes], passed: bytes, detached: bool) -> None:
    scanner = DetachScanner(DEFAULT)
    assert b"".join(scanner.feed(data) for data in typed) == passed
    assert scanner.detached is detached


def test_gives_back_at_the_end_what_it_held() -> None:
    scanner = DetachScanner(DEFAULT)
    assert scanner.feed(b"a\x10") == b"a"
    assert scanner.finish() == b"\x10"
    assert scanner.finish() == b""


@given(st.lists(st.binary(max_size=12)), st.binary(min_size=1, max_size=4))
def test_loses_nothing_until_the_sequence_is_complete(
    pieces: list[bytes], keys: bytes
) -> None:
    scanner = DetachScanner(keys)
    passed = b""
    for piece in pieces:
        passed += scanner.feed(piece)
        if scanner.detached:
            break
    typed = b"".join(pieces)
    if scanner.detached:
        assert keys in typed
        assert typed.startswith(passed + keys)
    else:
        assert passed + scanner.finish() == typed


@given(st.binary(max_size=20), st.data())
def test_does_not_care_how_the_bytes_arrive(before: bytes, data: st.DataObject) -> None:
    typed = before.replace(b"\x10", b"").replace(b"\x11", b"") + DEFAULT
    cut = data.draw(st.integers(0, len(typed)))
    scanner = DetachScanner(DEFAULT)
    assert scanner.feed(typed[:cut]) + scanner.feed(typed[cut:]) == typed[:-2]
    assert scanner.detached
