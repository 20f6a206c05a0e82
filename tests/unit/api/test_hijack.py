"""Connections that stop being HTTP: both greetings, both directions, both ends."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from labkit.api.answers import RAW_STREAM
from labkit.api.hijack import HijackedResponse, hijack
from labkit.api.requests import Call
from labkit.api.routing import Route
from tests.unit.api.serving import connected, serving

UPGRADE = (
    b"POST /echo HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
    b"Content-Type: application/json\r\nContent-Length: 14\r\n\r\n"
    b'{"Tty": false}'
)
PLAIN = b"POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n"


async def _echo_at_the_end(call: Call) -> web.StreamResponse:
    """Take all input, then give it back: only a half-close makes that possible."""
    await call.body()
    with hijack(call, RAW_STREAM) as client:
        client.writer.write(b"ready\n")
        client.writer.write((await client.reader.read()).upper())
    return HijackedResponse()


ECHO = Route("POST", "/echo", _echo_at_the_end, streams=True)


async def test_upgrades_with_the_exact_words(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", [ECHO]), connected(tmp_path / "s") as client:
        await client.send(UPGRADE)
        head = await client.head()
    assert head.startswith(
        b"HTTP/1.1 101 UPGRADED\r\n"
        b"Content-Type: application/vnd.docker.raw-stream\r\n"
        b"Connection: Upgrade\r\n"
        b"Upgrade: tcp\r\n"
    )


async def test_gives_a_client_that_does_not_ask_a_200(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", [ECHO]), connected(tmp_path / "s") as client:
        await client.send(PLAIN)
        head = await client.head()
    assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker")
    assert b"Content-Length" not in head
    assert b"chunked" not in head


@pytest.mark.parametrize("greeting", [UPGRADE, PLAIN])
async def test_output_goes_on_after_the_end_of_input(
    tmp_path: Path, greeting: bytes
) -> None:
    async with serving(tmp_path / "s", [ECHO]), connected(tmp_path / "s") as client:
        await client.send(greeting)
        await client.head()
        assert await client.reader.readline() == b"ready\n"
        await client.send(b"some input")
        client.writer.write_eof()
        assert await client.rest() == b"SOME INPUT"


async def test_moves_megabytes_each_way(tmp_path: Path) -> None:
    data = bytes(range(97, 122)) * 200_000
    async with serving(tmp_path / "s", [ECHO]), connected(tmp_path / "s") as client:
        await client.send(UPGRADE)
        await client.head()
        await client.send(data)
        client.writer.write_eof()
        assert await client.rest() == b"ready\n" + data.upper()


async def test_ends_the_handler_when_the_client_is_gone(tmp_path: Path) -> None:
    joined, cancelled = asyncio.Event(), asyncio.Event()

    async def attach(call: Call) -> web.StreamResponse:
        with hijack(call, RAW_STREAM) as client:
            await client.reader.read()  # ends at the half-close
            joined.set()
            try:
                await asyncio.Event().wait()  # a container that says nothing
            finally:
                cancelled.set()
        return HijackedResponse()

    route = Route("POST", "/echo", attach, streams=True)
    async with serving(tmp_path / "s", [route]):
        async with connected(tmp_path / "s") as client:
            await client.send(UPGRADE)
            await client.head()
            client.writer.write_eof()
            await asyncio.wait_for(joined.wait(), 5)
            assert not cancelled.is_set()
        await asyncio.wait_for(cancelled.wait(), 5)
