"""Shapes of answers."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from labkit.api.answers import (
    SERVER_HEADERS,
    document,
    empty,
    send_bytes,
    send_lines,
    to_line,
)
from labkit.api.requests import Call
from labkit.api.routing import Route
from tests.unit.api.serving import connected, serving


def test_a_document_is_compact_json_with_a_newline() -> None:
    answer = document({"a": ["ü", None]}, 201)
    assert isinstance(answer, web.Response)
    assert (answer.status, answer.content_type) == (201, "application/json")
    assert answer.body == '{"a":["ü",null]}\n'.encode()
    assert SERVER_HEADERS.items() <= dict(answer.headers).items()


def test_bytes_that_are_no_text_do_not_break_a_document() -> None:
    assert to_line({"a": b"\xff".decode(errors="surrogateescape")}) == b'{"a":"?"}\n'


def test_an_empty_answer_has_no_body() -> None:
    assert empty().status == 204
    assert empty(200).status == 200


async def _words() -> AsyncIterator[bytes]:
    for word in (b"one", b"", b"two"):
        yield word


async def test_streams_bytes_and_skips_empty_ones(tmp_path: Path) -> None:
    """A chunk of no bytes would end the stream."""

    async def say(call: Call) -> web.StreamResponse:
        return await send_bytes(call, _words(), "text/plain")

    async def list_words(call: Call) -> web.StreamResponse:
        return await send_lines(call, (word.decode() async for word in _words()))

    routes = [Route("GET", "/say", say), Route("GET", "/list", list_words)]
    async with serving(tmp_path / "s", routes):
        for path, body in (
            (b"/say", b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"),
            (b"/list", b'6\r\n"one"\n\r\n3\r\n""\n\r\n6\r\n"two"\n\r\n0\r\n\r\n'),
        ):
            async with connected(tmp_path / "s") as client:
                await client.send(
                    b"GET %s HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n" % path
                )
                head = await client.head()
                assert b"Transfer-Encoding: chunked" in head
                assert await client.rest() == body
