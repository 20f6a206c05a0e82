"""Execs, through HTTP."""

import asyncio
from pathlib import Path

from labkit.api.frames import STDOUT, frame
from tests.unit.api.lab import Lab, open_api
from tests.unit.engine.lab import until_true


async def test_makes_and_inspects_one(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        wanted = {"Cmd": ["echo", "hi"], "AttachStdout": True, "Tty": True}
        status, body = await lab.ask("POST", f"/containers/{made}/exec", wanted)
        assert status == 201
        status, found = await lab.ask("GET", f"/exec/{body['Id']}/json")
        assert status == 200
        assert found["ProcessConfig"]["entrypoint"] == "echo"
        assert found["ContainerID"] == made
        assert found["ExitCode"] is None


async def test_keys_that_are_none_are_refused_when_it_is_made(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        wanted = {"Cmd": ["echo"], "DetachKeys": "x-y"}
        status, said = await lab.ask("POST", f"/containers/{made}/exec", wanted)
        assert (status, said["message"]) == (400, "Invalid escape keys (x-y) provided")


async def test_a_failed_start_is_told_in_the_stream(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        wanted = {"Cmd": ["nosuch"], "AttachStdout": True}
        _, body = await lab.ask("POST", f"/containers/{made}/exec", wanted)
        path = f"/exec/{body['Id']}/start"
        async with lab.hijacked(path, b'{"Detach":false}') as client:
            text = await client.rest()
        assert text[:4] == b"\1\0\0\0"
        assert b"executable file not found" in text
        assert text.endswith(b"\r\n")
        _, found = await lab.ask("GET", f"/exec/{body['Id']}/json")
        assert found["ExitCode"] in (126, 127)


async def test_a_detached_one_is_answered_at_once(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        _, body = await lab.ask("POST", f"/containers/{made}/exec", {"Cmd": ["sleep"]})
        path = f"/exec/{body['Id']}"
        assert (await lab.ask("POST", f"{path}/start", {"Detach": True}))[0] == 200
        _, found = await lab.ask("GET", f"{path}/json")
        assert found["Running"] is True
        assert (await lab.ask("POST", f"{path}/resize?h=1&w=2"))[0] == 200


async def test_unknown_ones_are_refused(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        assert (await lab.ask("GET", "/exec/nosuch/json"))[0] == 404
        status, body = await lab.ask("POST", "/exec/nosuch/start", {})
        assert (status, body["message"]) == (404, "No such exec instance: nosuch")


async def test_the_start_decides_about_frames(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        wanted = {"Cmd": ["sleep"], "AttachStdout": True, "Tty": True}
        lines = []
        for tty in (b"true", b"false"):
            _, body = await lab.ask("POST", f"/containers/{made}/exec", wanted)
            path = f"/exec/{body['Id']}/start"
            async with lab.hijacked(path, b'{"Tty":%s}' % tty) as client:
                lines.append(await client.reader.readline())
        plain, framed = lines
        assert framed == frame(STDOUT, plain)


async def _begin(lab: Lab, container: str, *cmd: str) -> str:
    wanted = {"Cmd": cmd, "AttachStdout": True}
    _, body = await lab.ask("POST", f"/containers/{container}/exec", wanted)
    made: str = body["Id"]
    return made


async def test_the_exit_code_is_known_when_the_stream_closes(tmp_path: Path) -> None:
    """``docker exec`` asks for it right then, and would take "not yet" for 0."""
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        exec_id = await _begin(lab, made, "sleep")
        async with lab.hijacked(f"/exec/{exec_id}/start", b"{}") as client:
            # The fake closes its output here: the process itself lives on.
            assert await client.reader.readline() == b"\1\0\0\0\0\0\0\5exec\n"
            _, found = await lab.ask("GET", f"/exec/{exec_id}/json")
            assert found["Running"] is True
            assert not client.reader.at_eof()
            lab.world.runtime.finish_exec(made, exec_id, 3)
            assert await client.rest() == b""
        _, found = await lab.ask("GET", f"/exec/{exec_id}/json")
        assert (found["Running"], found["ExitCode"]) == (False, 3)


async def test_the_stream_closes_when_the_container_ends(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        exec_id = await _begin(lab, made, "sleep")
        async with lab.hijacked(f"/exec/{exec_id}/start", b"{}") as client:
            assert await client.reader.readline() == b"\1\0\0\0\0\0\0\5exec\n"
            lab.world.runtime.finish(made, 137)
            assert await client.rest() == b""


async def test_a_client_that_leaves_is_waited_for_by_nobody(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        exec_id = await _begin(lab, made, "sleep")
        before = asyncio.all_tasks()
        async with lab.hijacked(f"/exec/{exec_id}/start", b"{}") as client:
            assert await client.reader.readline() == b"\1\0\0\0\0\0\0\5exec\n"
        await until_true(lambda: not asyncio.all_tasks() - before)
        _, found = await lab.ask("GET", f"/exec/{exec_id}/json")
        assert found["Running"] is True
