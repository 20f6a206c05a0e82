"""Questions about containers, through HTTP."""

from pathlib import Path

from tests.unit.api.lab import open_api


async def test_creates_and_inspects(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create("web1", Cmd=["sleep", "9"], Labels={"a": "b"})
        status, body = await lab.ask("GET", "/containers/web1/json")
        assert status == 200
        assert (body["Id"], body["Name"]) == (made, "/web1")
        assert body["Config"]["Labels"] == {"a": "b"}
        assert body["State"]["Status"] == "created"
        assert body["Path"] == "sleep"


async def test_refuses_an_empty_body(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("POST", "/containers/create")
        assert status == 400
        assert body["message"].startswith("config cannot be empty")


async def test_lists_what_runs_and_with_all_the_rest(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.create("idle")
        running = await lab.run("busy")
        _, rows = await lab.ask("GET", "/containers/json")
        assert [row["Id"] for row in rows] == [running]
        _, rows = await lab.ask("GET", "/containers/json?all=1")
        assert [row["Names"] for row in rows] == [["/busy"], ["/idle"]]
        _, rows = await lab.ask("GET", "/containers/json?all=1&limit=1")
        assert len(rows) == 1


async def test_a_life_in_verbs(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run("life")
        path = f"/containers/{made}"
        for verb, expected in (
            ("start", 304),
            ("pause", 204),
            ("unpause", 204),
            ("rename?name=other", 204),
            ("restart?t=0", 204),
            ("kill?signal=KILL", 204),
        ):
            status, answer = await lab.ask("POST", f"{path}/{verb}")
            assert status == expected, (verb, answer)
        status, _ = await lab.ask("POST", f"{path}/wait")
        assert status == 200
        assert (await lab.ask("POST", f"{path}/stop"))[0] == 304
        assert (await lab.ask("DELETE", path))[0] == 204
        assert (await lab.ask("GET", f"{path}/json"))[0] == 404


async def test_force_removes_what_runs(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        assert (await lab.ask("DELETE", f"/containers/{made}"))[0] == 409
        assert (await lab.ask("DELETE", f"/containers/{made}?force=true"))[0] == 204


async def test_a_size_needs_two_numbers(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run(Tty=True)
        path = f"/containers/{made}/resize"
        assert (await lab.ask("POST", f"{path}?h=10&w=20"))[0] == 200
        status, body = await lab.ask("POST", f"{path}?h=ten&w=20")
        assert status == 400
        assert body["message"] == 'strconv.Atoi: parsing "ten": invalid syntax'
        assert (await lab.ask("POST", path))[0] == 400


async def test_prunes_what_has_ended(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        _, body = await lab.ask("POST", "/containers/prune")
        assert body["ContainersDeleted"] == [made]
        _, body = await lab.ask("POST", "/containers/prune")
        assert body["ContainersDeleted"] is None
