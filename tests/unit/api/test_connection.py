"""Connections that are closed by halves, or hold no HTTP."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from labkit.api.answers import RAW_STREAM, document, open_stream
from labkit.api.hijack import hijack
from labkit.api.requests import Call
from labkit.api.routing import Route
from tests.unit.api.serving import connected, endless, serving

GET = b"GET /thing HTTP/1.1\r\nHost: d\r\n\r\n"


async def _thing(call: Call) -> web.StreamResponse:
    return document({"body": (await call.body()).text("a")})


async def _answer(path: Path, request: bytes) -> bytes:
    """Ask and close the asking half at once, as ``socat`` does."""
    async with connected(path) as client:
        client.writer.write(request)
        client.writer.write_eof()
        return await client.rest()


async def test_answers_who_has_only_ended_asking(tmp_path: Path) -> None:
    routes = [Route("GET", "/thing", _thing), Route("POST", "/thing", _thing)]
    head = b"POST /thing HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
    async with serving(tmp_path / "s", routes):
        found = await _answer(tmp_path / "s", GET)
        posted = await _answer(
            tmp_path / "s", head + b'Content-Length: 9\r\n\r\n{"a":"b"}'
        )
    assert found.endswith(b'{"body":""}\n')
    assert posted.endswith(b'{"body":"b"}\n')


async def test_what_fails_in_the_middle_of_an_answer_ends_it(tmp_path: Path) -> None:
    async def stream(call: Call) -> web.StreamResponse:
        answer = await open_stream(call, "application/json")
        await answer.write(b"{}\n")
        raise OSError("no space left on device")

    async def hijacked(call: Call) -> web.StreamResponse:
        with hijack(call, RAW_STREAM) as connection:
            connection.writer.write(b"some")
            raise OSError("no space left on device")

    routes = [Route("GET", "/a", stream), Route("GET", "/b", hijacked, streams=True)]
    async with serving(tmp_path / "s", routes):
        for path, last in (("a", b"3\r\n{}\n\r\n"), ("b", b"\r\n\r\nsome")):
            async with connected(tmp_path / "s") as client:
                await client.send(f"GET /{path} HTTP/1.1\r\nHost: d\r\n\r\n".encode())
                answer = await client.rest()
            assert answer.endswith(last)
            assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /thi",
        b"GET /thing HTTP/1.1\r\nHost:",
        b"POST /thing HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
        b"Content-Length: 50\r\n\r\n{}",
    ],
)
async def test_half_a_request_has_no_answer(tmp_path: Path, request_: bytes) -> None:
    routes = [Route("GET", "/thing", _thing), Route("POST", "/thing", _thing)]
    async with serving(tmp_path / "s", routes):
        assert await _answer(tmp_path / "s", request_) == b""
        assert (await _answer(tmp_path / "s", GET)).startswith(b"HTTP/1.1 200 ")


async def test_notices_when_the_other_half_goes_too(tmp_path: Path) -> None:
    cancelled = asyncio.Event()

    async with serving(
        tmp_path / "s", [Route("GET", "/thing", endless(cancelled), streams=True)]
    ):
        async with connected(tmp_path / "s") as client:
            await client.send(GET)
            client.writer.write_eof()
            assert b"200 OK" in await client.head()
            assert not cancelled.is_set()
        await asyncio.wait_for(cancelled.wait(), 5)
