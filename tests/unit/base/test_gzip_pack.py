"""gzip of pieces, some of which are only copied."""

import gzip
import random
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.base.gzip_pack import PIECE_BYTES, GzipPacker

NOISE = random.Random(1).randbytes(PIECE_BYTES)
TEXT = b"a line of text\n" * (PIECE_BYTES // 15 + 1)


def packed(*parts: bytes) -> bytes:
    packer = GzipPacker()
    return b"".join(packer.compress(part) for part in parts) + packer.flush()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        NOISE,
        TEXT[:PIECE_BYTES],
        NOISE + TEXT + NOISE[:77],
        TEXT * 3 + b"x",
        bytes(3 * PIECE_BYTES),
    ],
    ids=["none", "one", "noise", "text", "both", "odd", "zeros"],
)
def test_every_gzip_reads_it(data: bytes) -> None:
    found = packed(data)
    assert gzip.decompress(found) == data
    done = subprocess.run(["gzip", "-dc"], input=found, capture_output=True, check=True)
    assert done.stdout == data


def test_text_shrinks_and_noise_hardly_grows() -> None:
    assert len(packed(TEXT)) < len(TEXT) // 20
    assert len(packed(NOISE)) < len(NOISE) + 200


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=5000), max_size=8), st.integers(1, 9))
def test_the_same_bytes_give_the_same_stream(parts: list[bytes], times: int) -> None:
    data = b"".join(parts) * times
    assert packed(*parts * times) == packed(data)
    assert gzip.decompress(packed(data)) == data
