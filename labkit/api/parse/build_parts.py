"""The body of ``POST /labkit/build``: a row of parts, each a head and its bytes.

A head is a line of JSON that says what the part is. Pieces follow: four bytes say how
many bytes come next, zero ends the part. So a client can send what it does not know
the length of, and secrets come in the same request as the files.
"""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

from labkit.base.errors import InvalidInputError

MOST_TEXT_BYTES = 4 << 20
"""What a Dockerfile or a secret may have at most: it is held in memory."""

_LENGTH = struct.Struct(">I")
_MOST_PIECE_BYTES = 64 << 20
_MOST_HEAD_BYTES = 1 << 20


class Stream(Protocol):
    """A request's body, as aiohttp reads it."""

    async def readexactly(self, size: int) -> bytes: ...
    async def readuntil(self, separator: bytes = b"\n") -> bytes: ...


@dataclass
class Part:
    """One part; its bytes are to be taken before the next part is asked for."""

    head: dict[str, Any]
    _stream: Stream
    _left: int = 0
    _ended: bool = False

    @property
    def kind(self) -> str:
        return str(self.head.get("part", ""))

    @property
    def name(self) -> str:
        return str(self.head.get("name", ""))

    async def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; nothing at the part's end."""
        if not self._left and not self._ended:
            (self._left,) = _LENGTH.unpack(await _exactly(self._stream, 4))
            self._ended = not self._left
            if self._left > _MOST_PIECE_BYTES:
                raise InvalidInputError("a piece of the build's request is too long")
        wanted = min(size, self._left)
        data = await _exactly(self._stream, wanted) if wanted else b""
        self._left -= len(data)
        return data

    async def read_all(self) -> bytes:
        """Return all bytes of a part that is short."""
        found = bytearray()
        while data := await self.read(MOST_TEXT_BYTES):
            found += data
            if len(found) > MOST_TEXT_BYTES:
                raise InvalidInputError(f"the part {self.name!r} is too long")
        return bytes(found)


async def read_parts(stream: Stream) -> AsyncIterator[Part]:
    """Yield a body's parts.

    Raises:
        InvalidInputError: it is cut off, or a head is no JSON.
    """
    while line := await _line(stream):
        try:
            head = json.loads(line)
        except ValueError as error:
            raise InvalidInputError(f"a part of the build: {error}") from error
        if not isinstance(head, dict):
            raise InvalidInputError("a part of the build has no head")
        part = Part(head, stream)
        yield part
        while await part.read(_MOST_HEAD_BYTES):  # what nobody wanted
            pass


async def _line(stream: Stream) -> bytes:
    try:
        return await stream.readuntil()
    except asyncio.IncompleteReadError as error:
        return error.partial
    except ValueError as error:
        raise InvalidInputError("the head of a part is too long") from error


async def _exactly(stream: Stream, size: int) -> bytes:
    try:
        return await stream.readexactly(size)
    except asyncio.IncompleteReadError as error:
        raise InvalidInputError("the build's request was cut off") from error
