"""Execs, through HTTP."""

from pathlib import Path

from tests.unit.api.lab import open_api


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
