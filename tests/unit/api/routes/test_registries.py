"""Pull, push and login, through HTTP."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from labkit.images.registry.failures import RefusedError, UnreachableError
from tests.unit.api.lab import Lab, open_api, request_bytes
from tests.unit.api.serving import connected


async def lines(lab: Lab, path: str) -> list[dict[str, Any]]:
    status, body = await lab.ask_bytes("POST", path)
    assert status == 200, body
    return [json.loads(line) for line in body.splitlines()]


async def test_pulls_and_tells(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.registries.shelf.add("team/app:1")
        path = "/images/create?fromImage=team/app&tag=1&platform=linux/arm64"
        told = await lines(lab, path)
        assert told[0] == {"status": "Pulling from team/app", "id": "1"}
        assert told[-1] == {"status": "Status: Downloaded newer image for team/app:1"}
        assert told[-2]["status"].startswith("Digest: sha256:")
        (wish,) = lab.world.registries.asked
        assert wish.platform is not None
        assert wish.platform.architecture == "arm64"


async def test_what_fails_before_the_first_news_has_a_status(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("POST", "/images/create?fromImage=nosuch&tag=1")
        assert status == 404
        words = "manifest for nosuch:1 not found: manifest unknown: manifest unknown"
        assert body == {"message": words}
        lab.world.registries.refusal = UnreachableError("dial tcp: no")
        status, body = await lab.ask("POST", "/images/create?fromImage=nosuch&tag=1")
        assert (status, body) == (500, {"message": "dial tcp: no"})


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("fromImage=NOSUCH&tag=1", "must be lowercase"),
        ("tag=1", "invalid reference format"),
        ("fromImage=a&tag=1&platform=a/b/c/d", "cannot parse platform specifier"),
    ],
)
async def test_refuses_what_is_no_name(tmp_path: Path, query: str, words: str) -> None:
    async with open_api(tmp_path) as lab:
        status, body = await lab.ask("POST", f"/images/create?{query}")
        assert status == 400
        assert words in body["message"]


async def test_what_fails_later_is_a_line(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.registries.shelf.add("app:1")
        lab.world.registries.failure = UnreachableError("it broke off")
        told = await lines(lab, "/images/create?fromImage=app&tag=1")
        assert told[-1] == {
            "errorDetail": {"message": "it broke off"},
            "error": "it broke off",
        }


async def test_pushes_and_tells(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        told = await lines(lab, "/images/busybox/push?tag=latest")
        first = "The push refers to repository [docker.io/library/busybox]"
        assert told[0] == {"status": first}
        assert told[-1]["aux"]["Tag"] == "latest"
        told = await lines(lab, "/images/lab:5000/nosuch/push?tag=1")
        words = "An image does not exist locally with the tag: lab:5000/nosuch"
        assert told[1] == {"errorDetail": {"message": words}, "error": words}
        assert (await lab.ask("POST", "/images/BAD/push"))[0] == 400


async def test_logs_in(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        body = {"username": "lab", "password": "x", "serveraddress": "lab:5000"}
        status, answer = await lab.ask("POST", "/auth", body)
        assert status == 200
        assert answer == {"IdentityToken": "", "Status": "Login Succeeded"}
        ((domain, credentials),) = lab.world.registries.logins
        assert (domain, credentials.username) == ("lab:5000", "lab")
        said = "unauthorized: incorrect username or password"
        lab.world.registries.refusal = RefusedError(said, "UNAUTHORIZED", 401)
        assert (await lab.ask("POST", "/auth", body))[0] == 401


async def test_takes_who_asks_from_the_header(tmp_path: Path) -> None:
    me = {"username": "lab", "password": "p~ss?"}
    header = base64.urlsafe_b64encode(json.dumps(me).encode()).decode()
    async with open_api(tmp_path) as lab:
        path = "/distribution/team/app:1/json"
        extra = f"Connection: close\r\nX-Registry-Auth: {header}\r\n".encode()
        async with connected(lab.socket) as client:
            await client.send(request_bytes("GET", path, b"", extra))
            answer = await client.rest()
        body = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert body["Platforms"][1]["variant"] == "v8"
        (wish,) = lab.world.registries.asked
        assert wish.credentials.password == "p~ss?"
