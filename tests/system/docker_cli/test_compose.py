"""Docker Compose, the real one, through both command lines on our engine."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.engines import TEST_IMAGE, OurEngine
from tests.system.docker_cli.commands import Ongoing, Typist, find_command
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

PROJECT = f"""\
name: shop
services:
  db:
    image: {TEST_IMAGE}
    init: true
    command: sh -c '[ -f /data/x ] || echo $$WORDS > /data/x; httpd -f -h /data'
    environment: [WORDS=first]
    volumes: ["data:/data"]
    healthcheck: {{test: "wget -qO- localhost/x", interval: 0.3s, retries: 20}}
    stop_grace_period: 1s
  web:
    image: {TEST_IMAGE}
    init: true
    command: sh -c 'wget -qO /tmp/x http://db/x && httpd -f -h /tmp'
    environment: ["WORD=${{WORD:-one}}"]
    depends_on: {{db: {{condition: service_healthy}}}}
    ports: ["127.0.0.1::80"]
    stop_grace_period: 1s
  tool:
    image: {TEST_IMAGE}
    command: echo tool
    profiles: [dev]
volumes:
  data:
"""

MADE = """\
name: made
services:
  made:
    build: .
    init: true
    command: sh -c 'echo word $$WORD; sleep 1000'
    environment: ["WORD=${WORD}"]
    volumes: ["kept:/kept"]
    stop_grace_period: 1s
    develop:
      watch:
        - {action: sync, path: ./pages, target: /srv}
        - {action: rebuild, path: ./Dockerfile}
volumes:
  kept:
"""


def made_of(word: str) -> str:
    return f"FROM {TEST_IMAGE}\nRUN mkdir /srv && echo {word} > /made\n"


@pytest.fixture(params=["system", "bundled"])
def docker(
    request: pytest.FixtureRequest, lab_engine: OurEngine, tmp_path: Path
) -> Typist:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "compose.yaml").write_text(PROJECT)
    command = find_command(request.param, tmp_path)
    return Typist(request.param, command, lab_engine, folder, tmp_path)


def identity(docker: Typist, service: str) -> str:
    return docker("compose", "ps", "-q", service).strip()


def test_a_project_comes_up_is_changed_in_part_and_leaves_nothing(
    docker: Typist,
) -> None:
    assert "web" in docker("compose", "config", "--services")
    assert "tool" not in docker("compose", "config", "--services")
    docker("compose", "up", "-d", "--wait")
    port = docker("compose", "port", "web", "80").strip()
    assert _fetch(f"http://{port}/x") == "first"
    _look_around(docker)
    _change_one(docker)
    docker("compose", "down")
    assert (
        docker("ps", "-aq", "--filter", "label=com.docker.compose.project=shop") == ""
    )
    docker("compose", "up", "-d", "db")
    assert docker("compose", "exec", "-T", "db", "cat", "/data/x") == "first\n"
    docker("compose", "--profile", "dev", "down", "-v")
    for kind in ("volume", "network"):
        assert docker(kind, "ls", "-q", "--filter", "name=shop") == ""


def _fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode().strip())


def _look_around(docker: Typist) -> None:
    assert docker("compose", "exec", "-T", "web", "cat", "/tmp/x") == "first\n"
    states = [
        json.loads(line)
        for line in docker("compose", "ps", "--format", "json").splitlines()
    ]
    assert {each["Service"]: each["State"] for each in states} == {
        "db": "running",
        "web": "running",
    }
    assert "shop" in docker("compose", "ls")
    assert "httpd" in docker("compose", "top", "web")
    docker("compose", "cp", "web:/tmp/x", "copied")
    assert (docker.folder / "copied").read_text() == "first\n"
    docker("compose", "pause", "web")
    docker("compose", "unpause", "web")
    assert docker("compose", "run", "--rm", "-T", "tool") == "tool\n"
    docker("compose", "restart", "-t", "0", "web")
    docker("compose", "stop", "-t", "0", "web")
    docker("compose", "start", "web")


def _change_one(docker: Typist) -> None:
    before = {service: identity(docker, service) for service in ("db", "web")}
    docker("compose", "up", "-d", WORD="two")
    assert identity(docker, "db") == before["db"]
    assert identity(docker, "web") != before["web"]
    docker("compose", "up", "-d", "--scale", "web=2", WORD="two")
    wait_until(lambda: len(identity(docker, "web").splitlines()) == 2, "two of them")
    docker("compose", "kill", "web")
    docker("compose", "logs", "--no-color", "db")


def test_what_goes_on_goes_on_until_it_is_interrupted(docker: Typist) -> None:
    (docker.folder / "compose.yaml").write_text(MADE)
    (docker.folder / "Dockerfile").write_text(made_of("one"))
    (docker.folder / "pages").mkdir()
    (docker.folder / ".env").write_text("WORD=from-a-file\n")
    assert "WORD: from-a-file" in docker("compose", "config")
    docker("compose", "build", DOCKER_BUILDKIT="0")
    assert docker("compose", "run", "--rm", "-T", "made", "cat", "/made") == "one\n"
    (docker.folder / "Dockerfile").write_text(made_of("two"))
    _come_up_in_front(docker)
    docker("compose", "up", "-d")
    assert docker("compose", "exec", "-T", "made", "cat", "/made") == "two\n"
    _follow(docker)
    _watch(docker)
    docker("compose", "scale", "made=2")
    assert len(identity(docker, "made").splitlines()) == 2
    docker("compose", "down", "-v", "--rmi", "local")
    project = "label=com.docker.compose.project=made"
    for kind in ("container", "network", "volume"):
        every = ("-a",) if kind == "container" else ()
        assert docker(kind, "ls", "-q", *every, "--filter", project) == ""
    assert docker("images", "-q", "made-made") == ""


def _come_up_in_front(docker: Typist) -> None:
    with docker.goes_on("compose", "up", "--build", "--no-color") as up:
        up.prints("made-1  | word from-a-file")
        assert identity(docker, "made")
        assert up.interrupt() == 130
        assert "Container made-made-1 Stopped" in up.out.read_text()
    assert identity(docker, "made") == ""


def _follow(docker: Typist) -> None:
    with docker.goes_on("compose", "logs", "-f", "--no-log-prefix", "made") as logs:
        logs.prints("word from-a-file\n")
        say = "echo said later > /proc/1/fd/1"
        docker("compose", "exec", "-T", "made", "sh", "-c", say)
        logs.prints("said later\n")
        logs.interrupt()
    with docker.goes_on("compose", "events", "--json") as events:
        wait_until(lambda: _restarts(docker, events), "the restart is told of", 40)
        events.interrupt()


def _restarts(docker: Typist, events: Ongoing) -> bool:
    """Restart it, as often as it takes: nobody says when the events are listened to."""
    docker("compose", "restart", "-t", "0", "made")
    actions = {
        json.loads(line)["action"] for line in events.out.read_text().splitlines()
    }
    return {"kill", "die", "start"} <= actions


def _watch(docker: Typist) -> None:
    before = identity(docker, "made")
    with docker.goes_on("compose", "watch", "--no-up") as watch:
        watch.prints("Watch enabled")
        page = docker.folder / "pages" / "page"
        page.write_text("synced\n")
        wait_until(
            lambda: _reads(docker, "/srv/page") == "synced\n", "it is synced", 40
        )
        assert identity(docker, "made") == before
        (docker.folder / "Dockerfile").write_text(made_of("three"))
        wait_until(lambda: _reads(docker, "/made") == "three\n", "it is rebuilt", 40)
        assert identity(docker, "made") != before
        watch.interrupt()


def _reads(docker: Typist, path: str) -> str:
    """Read a file in the container, which may be one that ends just now."""
    words = ("compose", "exec", "-T", "made", "sh", "-c", f"cat {path} || :")
    try:
        return docker(*words)
    except AssertionError:
        return ""


def test_the_plug_in_is_named_in_the_overview(docker: Typist) -> None:
    assert "  compose*    Docker Compose" in docker("--help")
    assert docker("compose", "version", "--short").startswith("5.")
