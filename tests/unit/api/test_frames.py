"""Frames around output."""

from labkit.api.frames import HEADER_BYTES, STDERR, STDOUT, frame


def test_says_stream_and_length() -> None:
    assert frame(STDOUT, b"hi") == b"\x01\0\0\0\0\0\0\x02hi"
    assert frame(STDERR, b"") == b"\x02\0\0\0\0\0\0\0"


def test_lengths_are_big_endian() -> None:
    assert frame(STDOUT, b"x" * 258)[:HEADER_BYTES] == b"\x01\0\0\0\0\0\x01\x02"
