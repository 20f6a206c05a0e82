"""The shapes of answers: documents as Go spells them, empty ones, streams."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from labkit.api.answers import (
    RAW_STREAM,
    document,
    empty,
    open_stream,
    send_bytes,
    send_lines,
    to_line,
)
from labkit.api.requests import Call
from labkit.api.routing import Route
from tests.unit.api.serving import Client, connected, serving

GET = b"GET /x HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ({"Id": "a", "Warnings": []}, b'{"Id":"a","Warnings":[]}\n'),
        ({"Name": "grün"}, '{"Name":"grün"}\n'.encode()),
        ("half a pair: \ud800", b'"half a pair: ?"\n'),
        (None, b"null\n"),
    ],
)
def test_spells_documents_as_go_does(body: object, line: bytes) -> None:
    assert to_line(body) == line


@pytest.mark.parametrize("status", [200, 201, 204])
def test_empty_answers_have_their_status_and_the_common_headers(status: int) -> None:
    answer = empty(status)
    assert answer.status == status
    assert answer.headers["Api-Version"] == "1.47"
    assert isinstance(answer, web.Response)
    assert not answer.body


def test_a_document_says_that_it_is_json() -> None:
    answer = document({"a": 1}, 201)
    assert (answer.status, answer.content_type) == (201, "application/json")


async def _numbers(go_on: asyncio.Event) -> AsyncIterator[bytes]:
    yield b"1"
    yield b""  # an empty chunk would end the stream
    await go_on.wait()
    yield b"2"


async def test_each_chunk_is_sent_as_it_comes(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def handler(call: Call) -> web.StreamResponse:
        return await send_bytes(call, _numbers(go_on), RAW_STREAM)

    route = Route("GET", "/x", handler, streams=True)
    async with serving(tmp_path / "s", [route]), connected(tmp_path / "s") as client:
        await client.send(GET)
        head = await client.head()
        assert b"Transfer-Encoding: chunked" in head
        assert b"Content-Type: application/vnd.docker.raw-stream" in head
        assert await _chunk(client) == b"1"
        go_on.set()
        assert await _chunk(client) == b"2"
        assert await client.rest() == b"0\r\n\r\n"


async def test_lines_are_documents(tmp_path: Path) -> None:
    async def bodies() -> AsyncIterator[dict[str, int]]:
        for number in (1, 2):
            yield {"n": number}

    async def handler(call: Call) -> web.StreamResponse:
        return await send_lines(call, bodies())

    route = Route("GET", "/x", handler, streams=True)
    async with serving(tmp_path / "s", [route]), connected(tmp_path / "s") as client:
        await client.send(GET)
        await client.head()
        assert await _chunk(client) == b'{"n":1}\n'
        assert await _chunk(client) == b'{"n":2}\n'


async def test_the_header_goes_out_before_there_is_content(tmp_path: Path) -> None:
    waiting = asyncio.Event()

    async def handler(call: Call) -> web.StreamResponse:
        answer = await open_stream(call, "application/json")
        await waiting.wait()
        return answer

    route = Route("GET", "/x", handler, streams=True)
    async with serving(tmp_path / "s", [route]), connected(tmp_path / "s") as client:
        await client.send(GET)
        assert (await client.head()).startswith(b"HTTP/1.1 200 OK\r\n")
        waiting.set()


async def test_an_old_client_gets_a_stream_without_chunks(tmp_path: Path) -> None:
    go_on = asyncio.Event()
    go_on.set()

    async def handler(call: Call) -> web.StreamResponse:
        return await send_bytes(call, _numbers(go_on), None)

    route = Route("GET", "/x", handler, streams=True)
    async with serving(tmp_path / "s", [route]), connected(tmp_path / "s") as client:
        await client.send(b"GET /x HTTP/1.0\r\n\r\n")
        assert b"chunked" not in await client.head()
        assert await client.rest() == b"12"


async def _chunk(client: Client) -> bytes:
    async with asyncio.timeout(5):
        size = int(await client.reader.readline(), 16)
        data = await client.reader.readexactly(size)
        await client.reader.readexactly(2)
    return data
