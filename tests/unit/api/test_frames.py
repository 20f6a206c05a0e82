"""Frames: Docker's eight bytes before each piece of output."""

import socket

import pytest
from docker.utils.socket import frames_iter_no_tty
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.api.frames import HEADER_BYTES, STDERR, STDOUT, Unframer, frame


@pytest.mark.parametrize(
    ("stream", "data", "expected"),
    [
        (STDOUT, b"hi\n", b"\x01\0\0\0\0\0\0\x03hi\n"),
        (STDERR, b"", b"\x02\0\0\0\0\0\0\0"),
        (STDOUT, b"x" * 300, b"\x01\0\0\0\0\0\x01\x2c" + b"x" * 300),
    ],
)
def test_spells_frames(stream: int, data: bytes, expected: bytes) -> None:
    assert frame(stream, data) == expected


# An empty frame ends the SDK's reading, so that nobody sends one.
OUTPUT = st.lists(
    st.tuples(st.sampled_from([STDOUT, STDERR]), st.binary(min_size=1, max_size=600)),
    max_size=8,
)


@given(OUTPUT)
@settings(max_examples=30)
def test_the_sdk_reads_what_we_frame(pieces: list[tuple[int, bytes]]) -> None:
    wire = b"".join(frame(stream, data) for stream, data in pieces)
    assert len(wire) == sum(HEADER_BYTES + len(data) for _, data in pieces)
    engine, sdk = socket.socketpair()
    with engine, sdk:
        engine.sendall(wire)
        engine.shutdown(socket.SHUT_WR)
        found = list(frames_iter_no_tty(sdk))
    assert found == pieces


@given(OUTPUT, st.integers(1, 20))
@settings(max_examples=30)
def test_takes_frames_off_wherever_they_are_cut(
    pieces: list[tuple[int, bytes]], step: int
) -> None:
    wire = b"".join(frame(stream, data) for stream, data in pieces)
    unframer = Unframer()
    found = [
        unframer.feed(wire[start : start + step]) for start in range(0, len(wire), step)
    ]
    assert b"".join(found) == b"".join(data for _, data in pieces)
