"""``--check``: what is found, and how it is shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.calls import Answer
from labkit.docker_cli.buildx.checks import check
from labkit.docker_cli.buildx.errors import BuildFailedError
from tests.unit.docker_cli.buildx.fake_engine import fake_engine
from tests.unit.docker_cli.buildx.readings import ANSWERS, material


def checked(folder: Path, text: str | None, **options: Any) -> Answer:
    with fake_engine(folder, answers=ANSWERS) as fake:
        return check(fake.engine, material(text, **options))


def found(folder: Path, text: str, **options: Any) -> list[str]:
    answer = checked(folder, text, **options)
    return [one["ruleName"] for one in json.loads(answer.json)["warnings"] or ()]


def test_knows_the_variables_of_base_images(tmp_path: Path) -> None:
    assert found(tmp_path, "FROM known\nUSER $NODE\n") == []
    assert found(tmp_path, "FROM other\nUSER $NODE\n") == ["UndefinedVar"]
    skip = {"BUILDKIT_DOCKERFILE_CHECK": "skip=all"}
    assert found(tmp_path, "FROM other\nUSER $NODE\n", buildargs=skip) == []


def test_knows_arguments_target_and_ignore_file(tmp_path: Path) -> None:
    text = "ARG V\nFROM other:$V AS a\nFROM other\nCOPY a.log /\n"
    assert found(tmp_path, text, buildargs={"V": "1", "W": None}) == [
        *("InvalidDefaultArgInFrom", "CopyIgnoredFile"),
    ]
    names = found(
        tmp_path, text, target="a", buildargs={"V": "1"}, platform="linux/arm64"
    )
    assert names == ["InvalidDefaultArgInFrom"]


def test_without_a_target_looks_at_every_stage(tmp_path: Path) -> None:
    text = "FROM known AS a\nCMD x\nFROM known AS b\n"
    assert found(tmp_path, text) == ["JSONArgsRecommended"]
    assert found(tmp_path, text, target="b") == []


def test_prints_what_is_found_from_top_to_bottom(tmp_path: Path) -> None:
    answer = checked(tmp_path, "FROM known\nCMD x\n")
    assert (answer.code, answer.error) == (1, "")
    assert answer.text == (
        "Check complete, 1 warning has been found!\n\n"
        "WARNING: JSONArgsRecommended - https://docs.docker.com/go/dockerfile/rule/"
        "json-args-recommended/\n"
        "JSON arguments recommended for CMD to prevent unintended behavior related "
        "to OS signals\n"
        "Dockerfile:2\n--------------------\n   1 |     FROM known\n"
        "   2 | >>> CMD x\n   3 |     \n--------------------\n"
    )
    answer = checked(tmp_path, "FROM known\nCMD x\nMAINTAINER me\n")
    assert "2 warnings have been found!" in answer.text
    assert answer.text.index("CMD to prevent") < answer.text.index("Maintainer")
    answer = checked(tmp_path, "FROM known\n")
    assert answer.text == "Check complete, no warnings found.\n"
    assert answer.code == 0


def test_says_it_as_json(tmp_path: Path) -> None:
    (warning,) = json.loads(checked(tmp_path, "FROM known\nCMD \\\n x\n").json)[
        "warnings"
    ]
    assert warning["location"] == {
        "ranges": [
            {"start": {"line": 2}, "end": {"line": 2}},
            {"start": {"line": 3}, "end": {"line": 3}},
        ]
    }
    found = json.loads(checked(tmp_path, "FROM a\n").json)
    (source,) = found.pop("sources")
    assert found == {"warnings": None}
    assert list(source.items()) == [  # BuildKit's order
        ("filename", "Dockerfile"),
        ("data", "RlJPTSBhCg=="),
        ("language", "Dockerfile"),
    ]


def test_what_cannot_be_built_is_found_as_well(tmp_path: Path) -> None:
    answer = checked(tmp_path, "FROM known\nRUNN x")
    message = (
        "dockerfile parse error on line 2: unknown instruction: RUNN "
        "(did you mean RUN?)"
    )
    assert (answer.code, answer.text) == (1, "")
    assert answer.error.startswith(f"{message}\nDockerfile:2\n-----")
    assert json.loads(answer.json)["buildError"] == {
        "message": message,
        "location": {"ranges": [{"start": {"line": 2}, "end": {"line": 2}}]},
    }
    with pytest.raises(BuildFailedError, match="could not be found"):
        checked(tmp_path, "FROM known", target="x")
