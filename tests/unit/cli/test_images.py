"""labkit images: what it prints, with a cache of its own and no engine."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from labkit.base.errors import (
    InvalidInputError,
    NotFoundError,
    UnavailableError,
    UnsupportedError,
)
from labkit.base.machine import host_architecture
from labkit.catalogue.recipes.table import RECIPES
from labkit.cli.images import choose_recipes, images
from tests.unit.catalogue.samples import NotingReporter


@pytest.fixture(autouse=True)
def cache(tmp_path: Path) -> Iterator[Path]:
    before = dict(os.environ)
    os.environ["XDG_CACHE_HOME"] = str(tmp_path)
    os.environ["DOCKER_HOST"] = f"unix://{tmp_path}/nobody"
    yield tmp_path / "labkit"
    os.environ.clear()
    os.environ.update(before)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(images, arguments, catch_exceptions=True)
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_lists_what_could_be_built() -> None:
    rows = json.loads(run("list", "--json"))
    assert [row["names"][0] for row in rows] == [one.names[0] for one in RECIPES]
    assert {(row["built"], row["loaded"]) for row in rows} == {
        ("no", "no engine answers")
    }
    assert "MongoDB-compatible (SecantusDB)" in {row["holds"] for row in rows}


def test_builds_one_and_says_so(cache: Path) -> None:
    assert run("build", "--no-load", "hello-world") == (
        "1 image ready: hello-world:latest\n"
    )
    assert (cache / "images" / "index.json").exists()
    row = json.loads(run("list", "--json"))[0]
    assert (row["built"], row["holds"]) == ("yes", "hello (labkit's own)")
    assert "hello-world:latest" in run("list")


def test_carries_images_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "all.tar.zst"
    assert f"{file}: 1 image, " in run("export", str(file), "hello-world")
    sources = tmp_path / "all.tar.zst.SOURCES.txt"
    assert "labkit's (MIT)" in sources.read_text()
    os.environ["XDG_CACHE_HOME"] = str(tmp_path / "elsewhere")
    assert run("import", "--no-load", str(file)) == (
        "1 image imported: hello-world:latest\n"
    )


def test_keeps_images_for_another_machine_apart(tmp_path: Path) -> None:
    """They would not start here, so no engine is asked for."""
    other = {"amd64": "arm64", "arm64": "amd64"}[host_architecture()]
    wanted = f"--platform=linux/{other}"
    run("build", "--no-load", "hello-world")
    assert "1 image ready" in run("build", wanted, "hello-world")
    own, foreign = (
        json.loads(run("list", "--json", *option))[0] for option in ((), (wanted,))
    )
    assert own["built"] == foreign["built"] == "yes"
    assert own["id"] != foreign["id"]
    file = tmp_path / "all.tar.zst"
    assert ": 1 image, " in run("export", wanted, str(file), "hello-world")
    with pytest.raises(UnsupportedError, match=f"are for {other} machines"):
        run("import", "--no-load", str(file))
    assert json.loads(run("list", "--json"))[0] == own


def test_leaves_out_what_cannot_be_made_here() -> None:
    notes = NotingReporter()
    chosen = choose_recipes((), "arm64", False, notes)
    assert not any(recipe.runs_programs for recipe in chosen)
    assert notes.notes[0].startswith("without python:3-slim, openjdk:18-jdk-alpine, mo")
    assert len(choose_recipes((), "arm64", True, notes)) == len(RECIPES)
    assert choose_recipes(("mongo",), "arm64", False, notes)[0].names[0] == "mongo:4.4"
    assert len(notes.notes) == 1


def test_says_that_no_engine_answers() -> None:
    with pytest.raises(UnavailableError, match="labkit engine start"):
        run("build", "hello-world")


def test_says_what_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no bundled image is called 'emacs'"):
        run("build", "emacs")
    with pytest.raises(InvalidInputError, match="linux/amd64 and linux/arm64, not for"):
        run("build", "--platform", "linux/s390x")
    (tmp_path / "file").write_bytes(b"no archive")
    with pytest.raises(InvalidInputError, match="no file of 'labkit images export'"):
        run("import", str(tmp_path / "file"))
