"""``--check``: what is found, and how it is shown."""

from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.checks import check, find_warnings
from labkit.docker_cli.buildx.errors import BuildFailedError
from labkit.docker_cli.buildx.material import Material
from labkit.dockerfile.ignore import read_ignore_file
from tests.unit.docker_cli.buildx.fake_engine import fake_engine

ANSWERS: dict[str, Any] = {
    "GET /version": (200, {"Os": "linux", "Arch": "amd64"}),
    "GET /images/known/json": (200, {"Config": {"Env": ["NODE=1", "PATH=/x"]}}),
    "GET /images/other/json": (404, {"message": "no such image"}),
}


def material(text: str | None, **options: Any) -> Material:
    ignore = read_ignore_file("*.log")
    return Material(options, text, "Dockerfile", {}, ignore=ignore)


def found(folder: Path, text: str | None, **options: Any) -> list[str]:
    with fake_engine(folder, answers=ANSWERS) as fake:
        report = find_warnings(fake.engine, material(text, **options))
    return [one.rule.name for one in report.warnings]


def test_knows_the_variables_of_base_images(tmp_path: Path) -> None:
    assert found(tmp_path, "FROM known\nUSER $NODE\n") == []
    assert found(tmp_path, "FROM other\nUSER $NODE\n") == ["UndefinedVar"]


def test_knows_arguments_target_and_ignore_file(tmp_path: Path) -> None:
    text = "ARG V\nFROM other:$V AS a\nFROM other\nCOPY a.log /\n"
    assert found(tmp_path, text, buildargs={"V": "1", "W": None}) == [
        *("InvalidDefaultArgInFrom", "CopyIgnoredFile"),
    ]
    names = found(
        tmp_path, text, target="a", buildargs={"V": "1"}, platform="linux/arm64"
    )
    assert names == ["InvalidDefaultArgInFrom"]
    assert found(tmp_path, None) == []


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("RUNN x", {}, "on line 1: unknown instruction: RUNN"),
        ("FROM other", {"target": "x"}, 'target stage "x" could not be found'),
    ],
)
def test_refuses(tmp_path: Path, text: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BuildFailedError, match=said):
        found(tmp_path, text, **options)


def test_prints_what_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        assert check(fake.engine, material("FROM known\nCMD x\n")) == 1
        assert capsys.readouterr().out == (
            "Check complete, 1 warning has been found!\n\n"
            "WARNING: JSONArgsRecommended - https://docs.docker.com/go/dockerfile/rule/"
            "json-args-recommended/\n"
            "JSON arguments recommended for CMD to prevent unintended behavior related "
            "to OS signals\n"
            "Dockerfile:2\n--------------------\n   1 |     FROM known\n"
            "   2 | >>> CMD x\n--------------------\n"
        )
        assert check(fake.engine, material("FROM known\n")) == 0
        assert capsys.readouterr().out == "Check complete, no warnings found.\n"
