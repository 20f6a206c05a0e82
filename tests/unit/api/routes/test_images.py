"""Images, through HTTP."""

import json
from pathlib import Path

from tests.unit.api.lab import open_api


async def test_lists_and_inspects(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        _, rows = await lab.ask("GET", "/images/json")
        assert [row["RepoTags"] for row in rows] == [["busybox:latest"]]
        status, body = await lab.ask("GET", "/images/busybox/json")
        assert (status, body["Id"]) == (200, rows[0]["Id"])
        status, body = await lab.ask("GET", "/images/no/such/json")
        assert status == 404
        assert "No such image" in body["message"]


async def test_tells_what_is_shared_if_asked(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        for query, shared in (("", -1), ("?shared-size=1", 0)):
            _, (row, *_) = await lab.ask("GET", f"/images/json{query}")
            assert (row["SharedSize"], row["Containers"]) == (shared, -1)


async def test_tags_and_removes(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        path = "/images/busybox/tag?repo=team/box&tag=1"
        assert (await lab.ask("POST", path))[0] == 201
        status, steps = await lab.ask("DELETE", "/images/team/box:1")
        assert (status, steps) == (200, [{"Untagged": "team/box:1"}])


async def test_loads_and_tells_line_by_line(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        _, body = await lab.ask_bytes("POST", "/images/load?quiet=1", b"nginx")
        lines = [json.loads(line) for line in body.splitlines()]
        assert lines[-1] == {"stream": "Loaded image: nginx:latest\n"}
        assert "already exists, renaming the old one" in lines[0]["stream"]
        assert [event.action for event in lab.engine.events.past()] == ["load"]
        assert list((tmp_path / "scratch").iterdir()) == []


async def test_a_broken_archive_is_an_error_line(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        _, data = await lab.ask_bytes("POST", "/images/load", b"broken")
        assert json.loads(data)["error"] == "the archive is broken"
        assert (await lab.ask("POST", "/images/load"))[0] == 400


async def test_saves_several_or_refuses(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask_bytes("GET", "/images/get?names=a&names=b")
        assert (status, body) == (200, b"ab")
        assert (await lab.ask_bytes("GET", "/images/a/get"))[1] == b"a"
        assert (await lab.ask("GET", "/images/get?names=nosuch"))[0] == 404


async def test_history_and_prune(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        assert (await lab.ask("GET", "/images/busybox/history"))[0] == 200
        _, body = await lab.ask("POST", "/images/prune")
        assert body == {"ImagesDeleted": None, "SpaceReclaimed": 0}
