"""Reading a Dockerfile on this side."""

from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError, Source
from labkit.docker_cli.buildx.reading import Reading, read_material
from tests.unit.docker_cli.buildx.fake_engine import fake_engine
from tests.unit.docker_cli.buildx.readings import ANSWERS, material


def read(folder: Path, text: str | None, **options: Any) -> Reading:
    with fake_engine(folder, answers=ANSWERS) as fake:
        return read_material(fake.engine, material(text, **options))


def test_all_stages_are_meant_unless_one_is_named(tmp_path: Path) -> None:
    text = "FROM known AS a\nFROM other AS b\n"
    assert read(tmp_path, text).targets == (0, 1)
    assert read(tmp_path, text, target="a").targets == (0,)


def test_knows_platforms_arguments_and_variables_of_bases(tmp_path: Path) -> None:
    text = "ARG A=1\nFROM known AS x\nFROM scratch\nFROM x\nFROM other\n"
    found = read(
        tmp_path, text, buildargs={"A": "2", "B": None}, platform="linux/arm64"
    )
    assert found.environments == {0: {"NODE": "1", "PATH": "/x"}}
    assert found.scopes.globals["A"] == "2"
    assert found.builtins["TARGETARCH"] == "arm64"


@pytest.mark.parametrize(
    ("text", "options", "said", "line"),
    [
        ("RUNN x", {}, "on line 1: unknown instruction: RUNN", 1),
        ("FROM other", {"target": "x"}, 'target stage "x" could not be found', 0),
    ],
)
def test_refuses(
    tmp_path: Path, text: str, options: dict[str, Any], said: str, line: int
) -> None:
    with pytest.raises(BuildFailedError, match=said) as caught:
        read(tmp_path, text, **options)
    source = caught.value.source
    assert source == (Source("Dockerfile", text, line, line) if line else None)


def test_a_dockerfile_that_lies_elsewhere_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(BuildxError, match="isn't on this machine"):
        read(tmp_path, None)
