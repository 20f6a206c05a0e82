"""Attach by WebSocket, with a client that is not ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from labkit.engine.containers.start import start
from tests.unit.api.lab import Lab, open_api


@asynccontextmanager
async def attached(
    lab: Lab, made: str, query: str, version: str = "/v1.41"
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    connector = aiohttp.UnixConnector(str(lab.socket))
    async with aiohttp.ClientSession(connector=connector) as session:
        url = f"http://engine{version}/containers/{made}/attach/ws?{query}"
        async with session.ws_connect(url) as client:
            yield client


async def _message(client: aiohttp.ClientWebSocketResponse) -> aiohttp.WSMessage:
    return await asyncio.wait_for(client.receive(), 5)


async def test_output_comes_as_messages_until_its_end(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create(Tty=True)
        async with attached(lab, made, "stream=1&stdout=1") as client:
            await start(lab.engine, made)
            message = await _message(client)
            assert message.type is aiohttp.WSMsgType.BINARY
            assert message.data == b"started\n"
            lab.world.runtime.finish(made, 0)
            assert (await _message(client)).type is aiohttp.WSMsgType.CLOSE


async def test_the_detach_keys_leave(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create(Tty=True)
        async with attached(lab, made, "stream=1&stdin=1") as client:
            await start(lab.engine, made)
            assert (await _message(client)).data == b"started\n"
            await client.send_str("\x10")
            await client.send_bytes(b"\x11")
            assert (await _message(client)).type is aiohttp.WSMsgType.CLOSE
        assert lab.engine.events.past()[-1].action == "detach"


async def test_what_was_said_before_is_told_first(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        row = '{"log":"old\\n","stream":"stdout","time":"2026-01-02T03:04:05Z"}\n'
        lab.engine.log_path(made).write_text(row)
        async with attached(lab, made, "logs=1&stdout=1") as client:
            assert (await _message(client)).data == b"old\n"
            assert (await _message(client)).type is aiohttp.WSMsgType.CLOSE
        async with attached(lab, made, "logs=1&stdout=1", "/v1.27") as client:
            assert (await _message(client)).type is aiohttp.WSMsgType.TEXT


async def test_a_plain_request_is_refused(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        status, body = await lab.ask("GET", f"/containers/{made}/attach/ws?stream=1")
        assert (status, body["message"]) == (400, "not websocket protocol")
        assert (await lab.ask("GET", "/containers/nosuch/attach/ws"))[0] == 404
