"""The body of the builder's other door, piece by piece."""

import asyncio
import json
import struct

import pytest

from labkit.api.parse.build_parts import read_parts
from labkit.base.errors import InvalidInputError


def part_bytes(head: dict[str, object], *pieces: bytes) -> bytes:
    """Spell a part."""
    body = b"".join(struct.pack(">I", len(one)) + one for one in pieces)
    return json.dumps(head).encode() + b"\n" + body + bytes(4)


def _stream(data: bytes) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return stream


async def test_reads_part_after_part() -> None:
    data = part_bytes({"part": "options"}) + part_bytes(
        {"part": "secret", "name": "x"}, b"ab", b"c"
    )
    found = [
        (part.kind, part.name, await part.read_all())
        async for part in read_parts(_stream(data))
    ]
    assert found == [("options", "", b""), ("secret", "x", b"abc")]


async def test_skips_what_nobody_read() -> None:
    data = part_bytes({"part": "a"}, b"123") + part_bytes({"part": "b"})
    assert [part.kind async for part in read_parts(_stream(data))] == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{\n", "a part of the build"),
        (b"[]\n", "has no head"),
        (b"{}\n", "was cut off"),
        (b"{}\n\0\0\0\5abc", "was cut off"),
        (b"{}\n\xff\xff\xff\xff", "too long"),
    ],
)
async def test_refuses_what_is_broken(data: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        assert [await part.read_all() async for part in read_parts(_stream(data))]


async def test_a_part_for_memory_has_a_limit() -> None:
    piece = bytes(3 << 20)
    data = part_bytes({"part": "secret", "name": "big"}, piece, piece)
    with pytest.raises(InvalidInputError, match="'big' is too long"):
        assert [await part.read_all() async for part in read_parts(_stream(data))]
