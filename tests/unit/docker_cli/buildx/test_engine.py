"""HTTP to an engine."""

from pathlib import Path

import pytest

from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError, NoDoorError
from labkit.docker_cli.endpoint import Endpoint
from tests.unit.docker_cli.buildx.fake_engine import fake_engine


def test_asks_and_reads(tmp_path: Path) -> None:
    answers = {
        "GET /version": (200, {"Os": "linux"}),
        "POST /build": (200, [{"a": 1}, b'{"b":', b' 2}\n\n{"c": 3}']),
    }
    with fake_engine(tmp_path, answers=answers) as fake:
        assert fake.engine.get("/version", {"a": ["1", "2"]}) == {"Os": "linux"}
        answer = fake.engine.request("POST", "/build", {}, [b"x", b"", b"y" * 70_000])
        assert list(answer.values()) == [{"a": 1}, {"b": 2}, {"c": 3}]
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
        Engine(Endpoint(f"unix://{tmp_path}/none")).get("/version")
