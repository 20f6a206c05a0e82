"""The shapes an answer can have: empty, one JSON document, or a stream.

A stream's header goes out before its first byte of content, since clients wait for it:
``docker run`` does not start the container until ``wait`` has answered 200.
"""

import json
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web

from labkit import __version__
from labkit.api.requests import Call
from labkit.api.versions import NEWEST

JSON = "application/json"
RAW_STREAM = "application/vnd.docker.raw-stream"
MULTIPLEXED_STREAM = "application/vnd.docker.multiplexed-stream"
TAR = "application/x-tar"

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_NOTHING: Mapping[str, str] = MappingProxyType({})

SERVER_HEADERS = {
    "Api-Version": str(NEWEST),
    "Docker-Experimental": "false",
    "Ostype": "linux",
    "Server": f"labkit/{__version__} (linux)",
}
"""In every answer: clients negotiate by them."""


def document(body: Any, status: int = 200) -> web.StreamResponse:
    """Answer with one JSON document."""
    return web.Response(
        body=to_line(body), status=status, content_type=JSON, headers=SERVER_HEADERS
    )


def empty(status: int = 204) -> web.StreamResponse:
    return web.Response(status=status, headers=SERVER_HEADERS)


def to_line(body: Any) -> bytes:
    """Spell a document as Go's encoder does: compact, ended by a newline."""
    return _ENCODER.encode(body).encode("utf-8", "replace") + b"\n"


async def open_stream(
    call: Call, content_type: str | None, headers: Mapping[str, str] = _NOTHING
) -> web.StreamResponse:
    """Send status and header of a chunked answer now."""
    answer = web.StreamResponse(headers={**SERVER_HEADERS, **headers})
    if content_type is not None:
        answer.content_type = content_type
    if call.http.version >= (1, 1):
        answer.enable_chunked_encoding()
    call.progress.begun = True
    await answer.prepare(call.http)
    return answer


async def send_lines(
    call: Call, bodies: AsyncIterator[Any], content_type: str = JSON
) -> web.StreamResponse:
    """Stream documents, one a line, each sent as it comes."""
    answer = await open_stream(call, content_type)
    async for body in bodies:
        await answer.write(to_line(body))
    await answer.write_eof()
    return answer


async def send_bytes(
    call: Call,
    chunks: AsyncIterator[bytes],
    content_type: str | None,
    headers: Mapping[str, str] = _NOTHING,
) -> web.StreamResponse:
    """Stream bytes, each chunk sent as it comes."""
    answer = await open_stream(call, content_type, headers)
    async for chunk in chunks:
        if chunk:
            await answer.write(chunk)
    await answer.write_eof()
    return answer
