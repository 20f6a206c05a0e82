"""HTTP to an engine."""

import json
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.engine import Engine, find_host, read_config
from labkit.docker_cli.buildx.errors import BuildxError, NoDoorError
from tests.unit.docker_cli.buildx.fake_engine import fake_engine


def test_asks_and_reads(tmp_path: Path) -> None:
    answers = {
        "GET /version": (200, {"Os": "linux"}),
        "POST /build": (200, [{"a": 1}, b'{"b":', b' 2}\n\n{"c": 3}']),
    }
    with fake_engine(tmp_path, answers=answers) as fake:
        assert fake.engine.get("/version", {"a": ["1", "2"]}) == {"Os": "linux"}
        answer = fake.engine.request("POST", "/build", {}, [b"x", b"", b"y" * 70_000])
        assert list(answer.lines()) == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert fake.asked[0].query == {"a": ["1", "2"]}
    assert len(fake.asked[1].body) == 70_001


def test_refusals_are_said(tmp_path: Path) -> None:
    answers = {"GET /a": (500, {"message": "oh no"}), "GET /b": (500, b"what")}
    with fake_engine(tmp_path, answers=answers) as fake:
        with pytest.raises(BuildxError, match=r"^oh no$"):
            fake.engine.get("/a")
        with pytest.raises(BuildxError, match=r"^what$"):
            fake.engine.get("/b")
        with pytest.raises(NoDoorError):
            fake.engine.post("/c", body={"a": 1})
    assert fake.asked[-1].body == b'{"a": 1}'


def test_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(
        BuildxError, match="Cannot connect to the Docker daemon at unix"
    ):
        Engine(f"unix://{tmp_path}/none").get("/version")
    with pytest.raises(BuildxError, match="unix:// and tcp:// only, not at ssh://x"):
        Engine("ssh://x").get("/version")


def test_finds_the_engine(tmp_path: Path) -> None:
    environ = {"DOCKER_CONFIG": str(tmp_path)}
    assert find_host("", "", environ) == "unix:///var/run/docker.sock"
    assert find_host("", "", {**environ, "DOCKER_HOST": "tcp://a"}) == "tcp://a"
    assert find_host("tcp://b", "", {**environ, "DOCKER_HOST": "tcp://a"}) == "tcp://b"
    meta = tmp_path / "contexts/meta/1/meta.json"
    meta.parent.mkdir(parents=True)
    known = {"Name": "c", "Endpoints": {"docker": {"Host": "tcp://c"}}}
    meta.write_text(json.dumps(known))
    assert find_host("", "c", environ) == "tcp://c"
    (tmp_path / "config.json").write_text('{"currentContext": "c"}')
    assert find_host("", "", environ) == "tcp://c"
    with pytest.raises(BuildxError, match='context "x": context not found'):
        find_host("", "x", environ)


def test_a_configuration_that_is_none_is_empty(tmp_path: Path) -> None:
    assert read_config(tmp_path) == {}
    (tmp_path / "config.json").write_text("[")
    assert read_config(tmp_path) == {}
