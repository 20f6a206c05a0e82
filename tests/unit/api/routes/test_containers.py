"""Questions about containers, through HTTP."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

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


# Bodies on the wire, as clients of several ages see them


async def test_mobys_booleans_overlap_while_paused(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        assert (await lab.ask("POST", f"/containers/{made}/pause"))[0] == 204
        _, body = await lab.ask("GET", f"/containers/{made}/json")
        state = body["State"]
        assert (state["Status"], state["Running"], state["Paused"]) == (
            "paused",
            True,
            True,
        )
        _, rows = await lab.ask("GET", "/containers/json")
        assert (rows[0]["State"], rows[0]["Status"][-8:]) == ("paused", "(Paused)")


@pytest.mark.parametrize(
    ("version", "has_dns_names", "has_kernel_memory"),
    [
        ("", True, False),
        ("/v1.47", True, False),
        ("/v1.44", True, False),
        ("/v1.43", False, False),
        ("/v1.41", False, True),
        ("/v1.24", False, True),
    ],
)
async def test_older_clients_get_the_fields_of_their_time(
    tmp_path: Path, version: str, has_dns_names: bool, has_kernel_memory: bool
) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run()
        _, body = await lab.ask("GET", f"{version}/containers/{made}/json")
        network = body["NetworkSettings"]["Networks"]["bridge"]
        assert ("DNSNames" in network) is has_dns_names
        assert ("KernelMemory" in body["HostConfig"]) is has_kernel_memory


async def test_success_without_content_has_no_body(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run("box", Tty=True)
        await lab.ask("POST", "/networks/create", {"Name": "net"})
        joined = {"Container": "box"}
        for method, path, body, expected in (
            ("POST", f"/containers/{made}/resize?h=1&w=1", None, 200),
            ("POST", "/networks/net/connect", joined, 200),
            ("POST", "/networks/net/disconnect", joined, 200),
            ("POST", "/images/busybox/tag?repo=other", None, 201),
            ("POST", f"/containers/{made}/start", None, 304),
            ("POST", f"/containers/{made}/stop?t=0", None, 204),
            ("DELETE", f"/containers/{made}", None, 204),
        ):
            data = b"" if body is None else json.dumps(body).encode()
            status, content = await lab.ask_bytes(method, path, data)
            assert (status, content) == (expected, b""), path


@pytest.mark.parametrize(
    ("query", "body", "expected", "text"),
    [
        ("", {"Image": "no:1"}, 404, "No such image: no:1"),
        ("name=a_", {"Image": "busybox", "Cmd": 5}, 400, "into field Cmd"),
        ("name=-", {"Image": "busybox"}, 400, "Invalid container name (-)"),
        ("name=taken", {"Image": "busybox"}, 409, "is already in use by container"),
        ("platform=linux/s390x", {"Image": "busybox"}, 404, "platform"),
        ("", {"Image": "busybox", "HostConfig": {"Memory": 1}}, 400, "memory"),
        ("", ["no object"], 400, "array into field body of type object"),
    ],
)
async def test_refusals_are_one_message(
    tmp_path: Path, query: str, body: object, expected: int, text: str
) -> None:
    async with open_api(tmp_path) as lab:
        await lab.create("taken")
        status, answer = await lab.ask("POST", f"/containers/create?{query}", body)
        assert (status, list(answer)) == (expected, ["message"])
        assert text.lower() in answer["message"].lower()


async def test_hostile_numbers_and_texts_are_no_fault_of_ours(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        for value in (b"1e400", b"NaN", b"9" * 30, b"9" * 5000, b"0.5", b"true"):
            data = b'{"Image":"busybox","HostConfig":{"Memory":' + value + b"}}"
            status, _ = await lab.ask_bytes("POST", "/containers/create", data)
            assert status == 400, value
        data = rb'{"Image":"busybox","Labels":{"a":"x\ud800y"}}'
        status, content = await lab.ask_bytes("POST", "/containers/create", data)
        assert status == 201
        _, body = await lab.ask("GET", f"/containers/{json.loads(content)['Id']}/json")
        assert body["Config"]["Labels"] == {"a": "x\ufffdy"}


async def test_what_the_clients_always_send_makes_a_plain_container(
    tmp_path: Path,
) -> None:
    """The sentinels of the command line, and its endpoint called ``default``."""
    async with open_api(tmp_path) as lab:
        made = await lab.run(
            Cmd=None,
            Env=None,
            HostConfig={
                "NetworkMode": "default",
                "MemorySwappiness": -1,
                "PidsLimit": 0,
                "ShmSize": 0,
                "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
                "LogConfig": {"Type": "", "Config": None},
            },
            NetworkingConfig={"EndpointsConfig": {"default": {"Aliases": None}}},
        )
        _, body = await lab.ask("GET", f"/containers/{made}/json")
        host = body["HostConfig"]
        assert host["RestartPolicy"]["Name"] == "no"
        assert (host["MemorySwappiness"], host["PidsLimit"]) == (None, None)
        assert host["ShmSize"] == 64 << 20
        assert host["LogConfig"] == {"Type": "json-file", "Config": {}}
        assert list(body["NetworkSettings"]["Networks"]) == ["bridge"]


async def test_both_forms_of_filters_choose(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.run(Labels={"a": "b", "c": ""})
        await lab.run(Labels={"a": "x"})
        for text in ('{"label":["a=b","c"]}', '{"label":{"a=b":true,"c":true}}'):
            path = f"/containers/json?filters={quote(text)}"
            _, rows = await lab.ask("GET", path)
            assert [row["Id"] for row in rows] == [made], text
        for text in ("garbage", '{"nosuch":["a"]}', "[" * 4000):
            status, _ = await lab.ask("GET", f"/containers/json?filters={quote(text)}")
            assert status == 400, text
