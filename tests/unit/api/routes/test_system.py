"""The engine as a whole, through HTTP."""

import json
from pathlib import Path

from tests.unit.api.lab import open_api, request_bytes
from tests.unit.api.serving import connected


async def test_ping_by_both_methods(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        for method, body in (("GET", b"OK"), ("HEAD", b"")):
            head, _, found = (await lab.raw(method, "/_ping")).partition(b"\r\n\r\n")
            assert found == body
            for header in (b"Api-Version: 1.47", b"Ostype: linux", b"Builder-Version"):
                assert header in head
            assert b"Content-Type: text/plain; charset=utf-8" in head


async def test_version_info_and_usage(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.run()
        _, body = await lab.ask("GET", "/version")
        assert (body["ApiVersion"], body["MinAPIVersion"]) == ("1.47", "1.24")
        _, body = await lab.ask("GET", "/info")
        assert (body["Containers"], body["ContainersRunning"]) == (1, 1)
        assert body["Swarm"]["LocalNodeState"] == "inactive"
        _, body = await lab.ask("GET", "/system/df")
        assert len(body["Containers"]) == 1
        _, body = await lab.ask("GET", "/system/df?type=volume&type=image")
        assert (body["Containers"], body["Volumes"]) == (None, [])
        _, body = await lab.ask("GET", "/v1.41/system/df?type=volume")
        assert len(body["Containers"]) == 1


async def test_events_of_the_past(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        made = await lab.create()
        until = lab.engine.events.past()[-1].time_ns // 1_000_000_000
        path = f"/events?since=1&until={until}&filters={{%22type%22:[%22container%22]}}"
        _, body = await lab.ask_bytes("GET", path)
        (event,) = map(json.loads, body.splitlines())
        assert (event["Action"], event["id"]) == ("create", made)
        assert (await lab.ask("GET", "/events?filters=garbage"))[0] == 400
        assert await lab.ask("GET", "/events?since=5&until=3") == (
            400,
            {"message": "`since` time (5) cannot be after `until` time (3)"},
        )


async def test_events_as_they_come(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab, connected(lab.socket) as client:
        await client.send(request_bytes("GET", "/events", b""))
        await client.head()
        await lab.create()
        await client.reader.readline()  # the chunk's size
        assert json.loads(await client.reader.readline())["Action"] == "create"
