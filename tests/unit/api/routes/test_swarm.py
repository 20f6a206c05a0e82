"""Answers of an engine that is no part of a swarm and has no plugins."""

from pathlib import Path

from tests.unit.api.lab import open_api


async def test_says_that_it_is_no_manager(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        for path in ("/swarm", "/services", "/nodes/abc", "/secrets", "/configs"):
            status, body = await lab.ask("GET", path)
            assert status == 503
            assert body["message"].startswith("This node is not a swarm manager.")
        assert (await lab.ask("POST", "/swarm/init", {}))[0] == 501


async def test_has_no_plugins(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        assert await lab.ask("GET", "/plugins") == (200, [])
        status, body = await lab.ask("GET", "/plugins/a/b/json")
        assert (status, body["message"]) == (404, 'plugin "a/b" not found')
