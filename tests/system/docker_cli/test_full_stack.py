"""The full-stack project of chapter 10, used over HTTP, through both command lines."""

import json
import shutil
import urllib.request
from pathlib import Path

import pytest

from labkit.base.home import content_folder
from tests.engines import OurEngine
from tests.system.docker_cli.commands import Typist, find_command
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(180)]

PROJECT = "label=com.docker.compose.project=todo"
SERVICES = ("mongodb", "todo-api", "todo-ui")
FREE_PORTS = (('"8080:8080"', '"127.0.0.1::8080"'), ('"3000:80"', '"127.0.0.1::80"'))
"""Somebody else may have the ports that the chapter takes."""


@pytest.fixture(params=["system", "bundled"])
def docker(
    request: pytest.FixtureRequest, stocked_lab: OurEngine, tmp_path: Path
) -> Typist:
    folder = tmp_path / "todo"
    shutil.copytree(content_folder("labs") / "chapter10", folder)
    compose = folder / "compose.yaml"
    text = compose.read_text()
    for taken, free in FREE_PORTS:
        assert taken in text
        text = text.replace(taken, free)
    compose.write_text(text)
    (folder / ".env").write_text("DB_PASSWORD=s3cret\n")
    command = find_command(request.param, tmp_path)
    return Typist(request.param, command, stocked_lab, folder, tmp_path)


def test_is_used_keeps_its_data_and_leaves_nothing(docker: Typist) -> None:
    docker("compose", "pull", "-q", "todo-ui")
    _up(docker)
    added = _ask(docker, b"read chapter 10")
    assert json.loads(added) == {"added": "read chapter 10"}
    assert json.loads(_ask(docker)) == ["read chapter 10"]
    docker("compose", "down")
    assert docker("ps", "-aq", "--filter", PROJECT) == ""
    assert docker("network", "ls", "-q", "--filter", PROJECT) == ""
    _up(docker)
    assert json.loads(_ask(docker)) == ["read chapter 10"]
    before = _identities(docker)
    _up(docker, APP_VERSION="2.0.0")
    after = _identities(docker)
    changed = {name for name in SERVICES if before[name] != after[name]}
    assert changed == {"todo-api"}
    assert json.loads(_ask(docker)) == ["read chapter 10"]
    docker("compose", "down", "-v", APP_VERSION="2.0.0")
    for kind in ("container", "network", "volume"):
        every = ("-a",) if kind == "container" else ()
        assert docker(kind, "ls", "-q", *every, "--filter", PROJECT) == ""


def _up(docker: Typist, **more: str) -> None:
    files = ("-f", "compose.yaml", "-f", "compose.healthy.yaml")
    docker("compose", *files, "up", "-d", "--wait", **more)


def _identities(docker: Typist) -> dict[str, str]:
    return {name: docker("compose", "ps", "-q", name).strip() for name in SERVICES}


def _ask(docker: Typist, body: bytes | None = None) -> str:
    """Ask the page's server, which passes it to the API, which asks the database."""
    port = docker("compose", "port", "todo-ui", "80").strip()

    def answer() -> str:
        try:
            url = f"http://{port}/todos"
            with urllib.request.urlopen(url, data=body, timeout=10) as found:
                return str(found.read().decode())
        except OSError:  # the API listens a moment after its start
            return ""

    return wait_until(answer, "the page's server has an answer", timeout=30)
