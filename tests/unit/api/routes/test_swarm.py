"""Answers of an engine that is no part of a swarm and has no plugins."""

from pathlib import Path

import pytest

from labkit.engine import messages
from tests.unit.api.lab import open_api

_ADDRESS = {"ListenAddr": "127.0.0.1:2377"}


async def test_says_that_it_is_no_manager(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        for path in ("/swarm", "/services", "/nodes/abc", "/secrets", "/configs"):
            status, body = await lab.ask("GET", path)
            assert (status, body["message"]) == (503, messages.NO_SWARM_MANAGER)
        for path in ("/services/create", "/swarm/unlock", "/nodes/x/update?version=1"):
            status, body = await lab.ask("POST", path, {})
            assert (status, body["message"]) == (503, messages.NO_SWARM_MANAGER)
        status, body = await lab.ask("DELETE", "/secrets/x")
        assert (status, body["message"]) == (503, messages.NO_SWARM_MANAGER)


async def test_has_no_cluster_volumes_and_no_plugins(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("PUT", "/volumes/x?version=1", {})
        assert (status, body["message"]) == (503, messages.NO_CLUSTER_VOLUMES)
        assert (await lab.ask("GET", "/plugins/privileges?remote=x"))[0] == 501


async def test_cannot_leave_what_it_never_joined(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("POST", "/swarm/leave")
        assert (status, body["message"]) == (503, messages.NO_SWARM)


@pytest.mark.parametrize("verb", ["init", "join"])
async def test_enters_no_swarm(tmp_path: Path, verb: str) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("POST", f"/swarm/{verb}", {})
        assert (status, body["message"]) == (400, messages.NO_LISTEN_ADDRESS)
        assert (await lab.ask("POST", f"/swarm/{verb}", _ADDRESS))[0] == 501


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "/nodes/x/update",
            "invalid node version '': strconv.ParseUint: parsing \"\": invalid syntax",
        ),
        (
            f"/swarm/update?version={1 << 64}",
            "invalid swarm version '18446744073709551616': strconv.ParseUint: parsing "
            '"18446744073709551616": value out of range',
        ),
        ("/configs/x/update?version=one", "invalid config version"),
    ],
)
async def test_refuses_a_bad_version_first(
    tmp_path: Path, path: str, text: str
) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("POST", path, {})
        assert (status, body["message"]) == (400, text)


async def test_wants_a_stream_of_the_logs(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("GET", "/tasks/x/logs")
        assert (status, body["message"]) == (500, messages.NO_LOG_STREAM)
        assert (await lab.ask("GET", "/services/x/logs?stdout=1"))[0] == 503


async def test_has_no_plugins(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        assert await lab.ask("GET", "/plugins") == (200, [])
        for method, path in (
            ("GET", "/plugins/a/b/json"),
            ("POST", "/plugins/a/b/enable?timeout=0"),
            ("DELETE", "/plugins/a/b"),
        ):
            status, body = await lab.ask(method, path)
            assert (status, body["message"]) == (404, 'plugin "a/b" not found')
        assert (await lab.ask("POST", "/plugins/pull?remote=a/b"))[0] == 501
