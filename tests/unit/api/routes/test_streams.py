"""Wait, logs, attach and stats, through HTTP."""

import asyncio
import json
from pathlib import Path

from tests.unit.api.lab import Lab, open_api, request_bytes
from tests.unit.api.serving import connected
from tests.unit.engine.lab import until_true


def _write_log(lab: Lab, made: str, *lines: tuple[str, str]) -> None:
    rows = (
        {"log": text, "stream": stream, "time": f"2026-01-02T03:04:0{index}Z"}
        for index, (stream, text) in enumerate(lines)
    )
    path = lab.engine.log_path(made)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


async def test_wait_sends_its_header_at_once(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        async with connected(lab.socket) as client:
            path = f"/containers/{made}/wait?condition=next-exit"
            await client.send(request_bytes("POST", path, b""))
            assert (await client.head()).startswith(b"HTTP/1.1 200 OK")
            lab.world.runtime.finish(made, 7)
            assert b'{"StatusCode":7}' in await client.rest()


async def test_wait_refuses_before_it_begins(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        assert (await lab.ask("POST", "/containers/nosuch/wait"))[0] == 404
        made = await lab.create()
        path = f"/containers/{made}/wait?condition=never"
        assert (await lab.ask("POST", path))[0] == 400


async def test_logs_come_in_frames_of_their_streams(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        _write_log(lab, made, ("stdout", "a\n"), ("stderr", "bc\n"))
        path = f"/containers/{made}/logs"
        _, body = await lab.ask_bytes("GET", f"{path}?stdout=1&stderr=1")
        assert body == b"\1\0\0\0\0\0\0\2a\n" + b"\2\0\0\0\0\0\0\3bc\n"
        _, body = await lab.ask_bytes("GET", f"{path}?stderr=1&timestamps=1")
        assert body.endswith(b"2026-01-02T03:04:01.000000000Z bc\n")
        _, body = await lab.ask_bytes("GET", f"{path}?stdout=1&stderr=1&tail=1")
        assert body.endswith(b"bc\n")
        assert b"a\n" not in body
        _, body = await lab.ask_bytes("GET", f"{path}?stdout=1&tail={'9' * 30}")
        assert body.endswith(b"a\n")
        assert (await lab.ask("GET", path))[0] == 400


async def test_logs_of_a_terminal_are_raw(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create(Tty=True)
        _write_log(lab, made, ("stdout", "a\r\n"))
        answer = await lab.raw("GET", f"/containers/{made}/logs?stdout=1")
        assert b"application/vnd.docker.raw-stream" in answer
        assert b"a\r\n" in answer
        assert b"\1\0\0\0" not in answer


async def test_a_follower_that_leaves_is_forgotten(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        lab.engine.log_path(made).touch()
        path = f"/containers/{made}/logs?stdout=1&follow=1"
        before = asyncio.all_tasks()
        async with connected(lab.socket) as client:
            await client.send(request_bytes("GET", path, b""))
            await client.head()
        await until_true(lambda: not asyncio.all_tasks() - before)


async def test_attach_before_the_start_loses_nothing(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        path = f"/containers/{made}/attach?stream=1&stdout=1"
        async with lab.hijacked(path) as client:
            assert (await lab.ask("POST", f"/containers/{made}/start"))[0] == 204
            lab.world.runtime.finish(made, 0)
            assert await client.rest() == b"started\n"


async def test_attach_ends_if_the_container_cannot_start(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create(Cmd=["nosuch"])
        path = f"/containers/{made}/attach?stream=1&stdout=1"
        async with lab.hijacked(path) as client:
            assert (await lab.ask("POST", f"/containers/{made}/start"))[0] == 400
            assert await client.rest() == b""


async def test_attach_with_logs_only_tells_the_past(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        _write_log(lab, made, ("stdout", "past\n"))
        async with lab.hijacked(f"/containers/{made}/attach?logs=1&stdout=1") as client:
            assert await client.rest() == b"\1\0\0\0\0\0\0\5past\n"


async def test_attach_refuses_bad_keys_and_unknown_names(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        bad = f"/containers/{made}/attach?stream=1&detachKeys=ctrl-!"
        assert (await lab.ask("POST", bad))[0] == 400
        assert (await lab.ask("POST", "/containers/nosuch/attach?stream=1"))[0] == 404


async def test_stats_once(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run("web1")
        path = f"/containers/{made}/stats?stream=0&one-shot=1"
        status, body = await lab.ask("GET", path)
        assert (status, body["name"]) == (200, "/web1")
        assert (await lab.ask("GET", "/containers/nosuch/stats"))[0] == 404


async def test_waiting_for_the_removal_ends_after_it(tmp_path: Path) -> None:
    """``docker run --rm`` gives its name free by the time it returns."""
    async with open_api(tmp_path) as lab, connected(lab.socket) as client:
        made = await lab.create("gone", HostConfig={"AutoRemove": True})
        path = f"/containers/{made}/wait?condition=removed"
        await client.send(request_bytes("POST", path, b""))
        await client.head()
        assert (await lab.ask("POST", f"/containers/{made}/start"))[0] == 204
        lab.world.runtime.finish(made, 4)
        assert b'{"StatusCode":4}\n' in await client.rest()
        assert (await lab.ask("GET", f"/containers/{made}/json"))[0] == 404
        await lab.create("gone")


async def test_a_waiter_that_leaves_is_forgotten(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        path = f"/containers/{made}/wait"
        before = asyncio.all_tasks()
        async with connected(lab.socket) as client:
            await client.send(request_bytes("POST", path, b""))
            await client.head()
        await until_true(lambda: not asyncio.all_tasks() - before)
        lab.world.runtime.finish(made, 0)
        assert (await lab.ask("POST", path))[1] == {"StatusCode": 0}
