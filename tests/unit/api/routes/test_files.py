"""A container's files, through HTTP."""

import json
from pathlib import Path

from tests.unit.api.lab import open_api


async def test_changes_are_null_or_a_list(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        path = f"/containers/{made}/changes"
        assert await lab.ask("GET", path) == (200, None)
        (lab.engine.container_folder(made) / "upper/new").write_text("x")
        assert await lab.ask("GET", path) == (200, [{"Path": "/new", "Kind": 1}])
        assert (await lab.ask("GET", "/containers/none/changes"))[0] == 404


async def test_commit_answers_with_the_id(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        path = f"/commit?container={made}&repo=mine&comment=why&changes=USER+app"
        status, body = await lab.ask("POST", path, {"Env": ["A=1"]})
        assert status == 201
        _, image = await lab.ask("GET", "/images/mine/json")
        assert image["Id"] == body["Id"]
        assert (image["Comment"], image["Config"]["User"]) == ("why", "app")
        assert image["Config"]["Env"] == ["A=1", "FROM=image"]
        assert (await lab.ask("POST", "/commit?container=none"))[0] == 404


async def test_import_answers_with_a_line(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        path = "/images/create?fromSrc=-&repo=mine&changes=ENV+a%3Db"
        status, body = await lab.ask_bytes("POST", path, b"files")
        _, image = await lab.ask("GET", "/images/mine/json")
        assert (status, json.loads(body)) == (200, {"status": image["Id"]})
        assert image["Config"]["Env"] == ["a=b"]
        assert image["Comment"] == "Imported from -"


async def test_import_fetches_a_url(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        path = "/images/create?fromSrc=x/y.tar&repo=mine"
        status, body = await lab.ask_bytes("POST", path)
        _, image = await lab.ask("GET", "/images/mine/json")
        lines = [json.loads(line) for line in body.splitlines()]
        assert (status, lines) == (
            200,
            [{"status": "Downloading from http://x/y.tar"}, {"status": image["Id"]}],
        )
        assert image["Comment"] == "Imported from x/y.tar"


async def test_archives_come_with_a_status(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.files.contents["/etc"] = b"tar!"
        made = await lab.create(name="box")
        path = f"/containers/{made}/archive"
        for method in ("HEAD", "GET"):
            answer = await lab.raw(method, f"{path}?path=/etc")
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"\r\nX-Docker-Container-Path-Stat: ey" in answer
        assert b"application/x-tar" in answer
        assert await lab.ask_bytes("GET", f"{path}?path=/etc") == (200, b"tar!")
        assert await lab.ask_bytes("PUT", f"{path}?path=/etc", b"new") == (200, b"")
        assert lab.world.files.contents["/etc"] == b"new"


async def test_archives_need_a_path_that_is_there(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.create(name="box")
        for method in ("GET", "PUT"):
            status, body = await lab.ask(method, "/containers/box/archive")
            assert (status, body["message"]) == (
                400,
                "bad parameter: pathcannot be empty",
            )
            status, body = await lab.ask(method, "/containers/box/archive?path=/no")
            text = "Could not find the file /no in container box"
            assert (status, body["message"]) == (404, text)


async def test_exports_the_root(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.create(name="box")
        assert await lab.ask_bytes("GET", "/containers/box/export") == (200, b"root")
