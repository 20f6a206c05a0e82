"""One build, by either door."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.door import Result
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.run import kept_names, run
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.buildx.wish import Context, Kind, Output, Wish
from tests.unit.docker_cli.buildx.fake_engine import FakeEngine, fake_engine

OURS: dict[str, Any] = {"POST /labkit/build": (200, {"result": {"ID": "sha256:1"}})}
THEIRS: dict[str, Any] = {
    "POST /build": (200, {"aux": {"ID": "sha256:2"}}),
    "GET /images/sha256:2/json": (200, {"Id": "sha256:2"}),
}


def built(
    folder: Path, answers: dict[str, Any], **values: Any
) -> tuple[Result, FakeEngine]:
    (folder / "Dockerfile").write_text("FROM a")
    wish = Wish(Context(Kind.FOLDER, str(folder)), tags=("a",), **values)
    with fake_engine(folder, answers=answers) as fake:
        result = run(Shop(fake.engine, folder), wish, {}, lambda update: None)
    return result, fake


def test_goes_by_our_door(tmp_path: Path) -> None:
    result, fake = built(tmp_path, OURS | THEIRS)
    assert result.id == "sha256:1"
    assert [one.path for one in fake.asked] == ["/labkit/build"] * 2


def test_goes_by_the_classic_door_elsewhere(tmp_path: Path) -> None:
    result, fake = built(tmp_path, THEIRS)
    assert result.id == "sha256:2"
    assert [one.path for one in fake.asked][:2] == ["/labkit/build", "/build"]


def test_a_result_that_goes_elsewhere_gets_no_name(tmp_path: Path) -> None:
    with pytest.raises(BuildxError):
        built(tmp_path, OURS, outputs=(Output("tar", str(tmp_path / "x.tar")),))
    with fake_engine(tmp_path, answers=OURS) as fake:
        wish = Wish(
            Context(Kind.FOLDER, str(tmp_path)),
            tags=("a",),
            outputs=(Output("tar", str(tmp_path / "x.tar")),),
        )
        with pytest.raises(BuildxError, match="page not found"):
            run(Shop(fake.engine, tmp_path), wish, {}, lambda update: None)
    assert b'"t"' not in fake.asked[1].body


def test_an_image_has_the_names_of_its_outputs(tmp_path: Path) -> None:
    kept = (Output("image", name="b,c:1"), Output("tar", "x.tar", "d"))
    wish = Wish(Context(Kind.FOLDER, "."), outputs=kept)
    assert kept_names(wish) == ("b", "c:1")
    assert kept_names(replace(wish, outputs=kept[1:])) == ()
    assert kept_names(replace(wish, outputs=(), tags=("a", "a"))) == ("a",)


def test_refuses_outputs_before_it_builds(tmp_path: Path) -> None:
    with pytest.raises(BuildxError, match="is a folder"):
        built(tmp_path, {}, outputs=(Output("tar", str(tmp_path)),))
