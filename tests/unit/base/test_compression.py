"""labkit.base.compression: told by the first bytes, read in pieces, bombs refused."""

import bz2
import gzip
import io
import lzma
from collections.abc import Iterator

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.compression import Compression, Unpacked, detect_compression
from labkit.base.errors import InvalidInputError

PLAIN = b"some plain bytes " * 100
PACKED = {
    Compression.NONE: PLAIN,
    Compression.GZIP: gzip.compress(PLAIN),
    Compression.ZSTD: zstandard.compress(PLAIN),
    Compression.BZIP2: bz2.compress(PLAIN),
    Compression.XZ: lzma.compress(PLAIN),
}


class Dripping(io.BytesIO):
    """Gives three bytes at a time, as a slow pipe may."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(3, size) if size and size > 0 else size)


def pieces(stream: Unpacked, size: int) -> Iterator[bytes]:
    while piece := stream.read(size):
        yield piece


@pytest.mark.parametrize("compression", list(PACKED))
def test_gives_the_plain_bytes(compression: Compression) -> None:
    stream = Unpacked(io.BytesIO(PACKED[compression]))
    assert stream.compression is compression
    assert stream.read() == PLAIN


@pytest.mark.parametrize("compression", list(PACKED))
def test_reads_from_a_slow_pipe(compression: Compression) -> None:
    stream = Unpacked(Dripping(PACKED[compression]))
    assert b"".join(pieces(stream, 7)) == PLAIN


@pytest.mark.parametrize("compression", list(PACKED))
def test_reads_through_a_buffer(compression: Compression) -> None:
    stream = io.BufferedReader(Unpacked(io.BytesIO(PACKED[compression])), 64)
    assert stream.read() == PLAIN


@pytest.mark.parametrize("data", [b"", b"x", b"\x1f\x8b", b"BZ"])
def test_takes_short_streams_as_plain(data: bytes) -> None:
    assert Unpacked(io.BytesIO(data)).read() == data


@pytest.mark.parametrize(
    "compression", [one for one in PACKED if one is not Compression.NONE]
)
def test_refuses_a_stream_that_was_cut(compression: Compression) -> None:
    data = PACKED[compression][:-6]
    with pytest.raises(InvalidInputError, match=f"cannot read {compression.value}"):
        list(pieces(Unpacked(io.BytesIO(data)), 1 << 16))


@pytest.mark.slow
def test_refuses_a_bomb() -> None:
    packer = zstandard.ZstdCompressor(level=1).compressobj()
    zeros = bytes(1 << 20)
    bomb = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
    assert len(bomb) < 100_000
    with pytest.raises(InvalidInputError, match="refused to unpack zstd data"):
        for _ in pieces(Unpacked(io.BytesIO(bomb)), 1 << 20):
            pass


@given(st.binary(max_size=12))
def test_takes_whatever_has_no_magic_as_plain(data: bytes) -> None:
    if detect_compression(data) is Compression.NONE:
        assert Unpacked(io.BytesIO(data)).read() == data
