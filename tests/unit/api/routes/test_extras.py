"""What labkit tells beyond Docker."""

from pathlib import Path

from tests.unit.api.lab import open_api


async def test_tells_its_facts(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("GET", "/labkit/facts")
        assert (status, body["engine_id"]) == (200, "abc123")
        assert body["network_namespace"] == "/proc/1/ns/net"


async def test_looks_through_a_container(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.create("web1")
        status, body = await lab.ask("GET", "/labkit/xray/web1")
        assert (status, body["container"]["name"]) == (200, "web1")
        assert (await lab.ask("GET", "/labkit/xray/nosuch"))[0] == 404
