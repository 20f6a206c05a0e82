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
        status, answer = await lab.ask("POST", "/images/create?fromSrc=http://x/y")
        assert status == 501
        assert "fetches nothing" in answer["message"]
