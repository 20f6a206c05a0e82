"""The classic builder's own ways, on our engine and on a real dockerd."""

import json
import urllib.parse
from pathlib import Path
from typing import Any

import pytest

from tests.engines import TEST_IMAGE, Engine, OurEngine
from tests.unit.snapshots.tars import file, make_tar

pytestmark = [pytest.mark.root, pytest.mark.slow]

NAME = "labtest/classic"


@pytest.fixture(params=["ours", pytest.param("theirs", marks=pytest.mark.dockerd)])
def engine(request: pytest.FixtureRequest, lab_engine: OurEngine) -> Engine:
    if request.param == "ours":
        return lab_engine
    found: Engine = request.getfixturevalue("real_dockerd")
    return found


def _built(engine: Engine, context: bytes, tag: str, **query: Any) -> list[str]:
    """Build, and return the lines that were printed."""
    asked = urllib.parse.urlencode({"t": f"{NAME}:{tag}", **query})
    kind = {"Content-Type": "application/x-tar"}
    status, _, answer = engine.request("POST", f"/build?{asked}", context, kind)
    assert status == 200, answer
    lines = [json.loads(line) for line in answer.splitlines()]
    assert not any("error" in line for line in lines), lines
    return [line.get("stream", "").strip() for line in lines]


def _files(engine: Engine, tag: str) -> list[str]:
    done = engine.docker("run", "--rm", f"{NAME}:{tag}", "find", "/all", "-type", "f")
    assert done.returncode == 0, done.stderr
    return sorted(done.stdout.split())


def _remove(engine: Engine, *tags: str) -> None:
    for tag in tags:
        engine.request("DELETE", f"/images/{NAME}:{tag}?force=1")


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ("Dockerfile\n.dockerignore\n", ["/all/kept"]),
        ("kept\nDock*\n", ["/all/.dockerignore", "/all/kept"]),
        ("*\n!Dockerfile\n", ["/all/Dockerfile", "/all/kept"]),
    ],
)
def test_takes_its_own_files_away(engine: Engine, rules: str, left: list[str]) -> None:
    context = make_tar(
        file("Dockerfile", f"FROM {TEST_IMAGE}\nCOPY . /all\n".encode()),
        file(".dockerignore", rules.encode()),
        file("kept"),
    )
    _built(engine, context, "ignored")
    found = _files(engine, "ignored")
    _remove(engine, "ignored")
    assert found == left


def test_a_dockerfile_from_elsewhere_leaves_no_trace(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text(f"FROM {TEST_IMAGE}\nCOPY . /all\n")
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "kept").write_text("x")
    build = ("build", "-f", str(tmp_path / "outside"), "-t", f"{NAME}:f", str(folder))
    assert engine.docker(*build).returncode == 0
    again = engine.docker(*build)
    found = _files(engine, "f")
    _remove(engine, "f")
    assert found == ["/all/kept"]
    assert again.stdout.count("Using cache") == 1


def test_named_images_are_all_the_cache_there_is(engine: Engine) -> None:
    text = f"FROM {TEST_IMAGE}\nENV A=b\nRUN touch /c\nRUN touch /d\n"
    context = make_tar(file("Dockerfile", text.encode()))
    _built(engine, context, "first")
    counts = []
    for names in ([], [f"{NAME}:first"], [f"{NAME}:nowhere"], [TEST_IMAGE], []):
        lines = _built(engine, context, "second", cachefrom=json.dumps(names))
        counts.append(lines.count("---> Using cache"))
    _remove(engine, "first", "second")
    assert counts == [3, 3, 0, 0, 3]
