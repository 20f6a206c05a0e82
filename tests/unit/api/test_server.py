"""The server: routing, failures, garbage, and clients that leave."""

import asyncio
import errno
from pathlib import Path

from aiohttp import web

from labkit.api.answers import document, empty
from labkit.api.requests import Call
from labkit.api.routing import Route
from labkit.base.errors import ConflictError, NotModified
from tests.unit.api.serving import connected, endless, serving

GET_THING = b"GET /v1.41/thing HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"


async def _answer_to(path: Path, request: bytes) -> bytes:
    async with connected(path) as client:
        await client.send(request)
        return await client.rest()


async def _thing(call: Call) -> web.StreamResponse:
    return document({"version": str(call.version)})


async def test_answers_with_the_headers_clients_negotiate_by(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", [Route("GET", "/thing", _thing)]):
        answer = await _answer_to(tmp_path / "s", GET_THING)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    for header in (b"Api-Version: 1.47", b"Ostype: linux", b"Server: labkit/"):
        assert header in answer
    assert answer.endswith(b'{"version":"1.41"}\n')


async def test_gives_a_kind_of_error_its_status(tmp_path: Path) -> None:
    async def taken(call: Call) -> web.StreamResponse:
        raise ConflictError("the name is taken")

    async with serving(tmp_path / "s", [Route("GET", "/thing", taken)]):
        answer = await _answer_to(tmp_path / "s", GET_THING)
    assert answer.startswith(b"HTTP/1.1 409 Conflict\r\n")
    assert answer.endswith(b'{"message":"the name is taken"}\n')


async def test_says_not_modified_without_a_body(tmp_path: Path) -> None:
    async def same(call: Call) -> web.StreamResponse:
        raise NotModified("runs already")

    async with serving(tmp_path / "s", [Route("GET", "/thing", same)]):
        answer = await _answer_to(tmp_path / "s", GET_THING)
    assert answer.startswith(b"HTTP/1.1 304 ")
    assert answer.endswith(b"\r\n\r\n")


async def test_tells_that_a_request_is_over_however_it_ended(tmp_path: Path) -> None:
    async def left(call: Call) -> web.StreamResponse:
        raise ConnectionResetError

    over: list[None] = []
    routes = [Route("GET", "/thing", _thing), Route("GET", "/left", left)]
    async with serving(tmp_path / "s", routes, lambda: over.append(None)):
        await _answer_to(tmp_path / "s", GET_THING)
        await _answer_to(tmp_path / "s", GET_THING.replace(b"thing", b"left"))
        await _answer_to(tmp_path / "s", GET_THING.replace(b"thing", b"absent"))
    assert len(over) == 3


async def test_survives_a_bug_in_a_handler(tmp_path: Path) -> None:
    async def broken(call: Call) -> web.StreamResponse:
        raise ZeroDivisionError("division by zero")

    routes = [Route("GET", "/thing", broken), Route("GET", "/other", _thing)]
    async with serving(tmp_path / "s", routes):
        bad = await _answer_to(tmp_path / "s", GET_THING)
        good = await _answer_to(
            tmp_path / "s", GET_THING.replace(b"/v1.41/thing", b"/other")
        )
    assert bad.startswith(b"HTTP/1.1 500 ")
    assert good.startswith(b"HTTP/1.1 200 ")


async def test_tells_a_full_disk_in_words(tmp_path: Path) -> None:
    async def full(call: Call) -> web.StreamResponse:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with serving(tmp_path / "s", [Route("GET", "/thing", full)]):
        answer = await _answer_to(tmp_path / "s", GET_THING)
    assert answer.endswith(b'{"message":"no space left on device"}\n')


async def test_refuses_unknown_pages_and_versions(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", [Route("GET", "/thing", _thing)]):
        absent = await _answer_to(tmp_path / "s", GET_THING.replace(b"thing", b"no"))
        new = await _answer_to(tmp_path / "s", GET_THING.replace(b"1.41", b"1.99"))
    assert absent.startswith(b"HTTP/1.1 404 ")
    assert absent.endswith(b'{"message":"page not found"}\n')
    assert new.startswith(b"HTTP/1.1 400 ")
    assert b"client version 1.99 is too new. Maximum supported" in new


async def test_takes_lines_as_long_as_go_does(tmp_path: Path) -> None:
    async def count(call: Call) -> web.StreamResponse:
        return document(len(call.query.texts("names")))

    query = b"&".join([b"names=registry.example/some/image:1"] * 5000)
    request = GET_THING.replace(b"/thing ", b"/thing?" + query + b" ")
    async with serving(tmp_path / "s", [Route("GET", "/thing", count)]):
        answer = await _answer_to(tmp_path / "s", request)
    assert answer.endswith(b"\r\n\r\n5000\n")


async def test_answers_garbage_as_go_does_and_goes_on(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", [Route("GET", "/thing", _thing)]):
        garbage = await _answer_to(tmp_path / "s", b"\x16\x03\x01 garbage\r\n\r\n")
        after = await _answer_to(tmp_path / "s", GET_THING)
    assert garbage.startswith(b"HTTP/1.0 400 Bad Request\r\n")
    assert garbage.endswith(b"\r\n\r\n400 Bad Request")
    assert after.startswith(b"HTTP/1.1 200 ")


async def test_one_client_that_says_nothing_holds_up_nobody(tmp_path: Path) -> None:
    routes = [Route("GET", "/thing", _thing)]
    async with serving(tmp_path / "s", routes), connected(tmp_path / "s") as slow:
        await slow.send(b"GET /thing HT")
        answer = await _answer_to(tmp_path / "s", GET_THING)
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_a_verb_goes_on_without_its_client(tmp_path: Path) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def start(call: Call) -> web.StreamResponse:
        begun.set()
        await go_on.wait()
        ended.set()
        return empty()

    async with serving(tmp_path / "s", [Route("POST", "/start", start)]):
        async with connected(tmp_path / "s") as client:
            await client.send(b"POST /start HTTP/1.1\r\nHost: d\r\n\r\n")
            await asyncio.wait_for(begun.wait(), 5)
        go_on.set()
        await asyncio.wait_for(ended.wait(), 5)


async def test_a_stream_ends_with_its_client(tmp_path: Path) -> None:
    cancelled = asyncio.Event()

    async with serving(
        tmp_path / "s", [Route("GET", "/follow", endless(cancelled), streams=True)]
    ):
        async with connected(tmp_path / "s") as client:
            await client.send(b"GET /follow HTTP/1.1\r\nHost: d\r\n\r\n")
            # The header comes at once, before there is anything to say.
            assert b"200 OK" in await client.head()
        await asyncio.wait_for(cancelled.wait(), 5)
