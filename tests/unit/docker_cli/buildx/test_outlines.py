"""``--call=outline`` and ``--call=targets``: as tables and as JSON."""

import json
from pathlib import Path
from typing import Any

from labkit.docker_cli.buildx.calls import Answer
from labkit.docker_cli.buildx.outlines import (
    describe_methods,
    list_targets,
    outline_target,
)
from tests.unit.docker_cli.buildx.fake_engine import fake_engine
from tests.unit.docker_cli.buildx.readings import ANSWERS, material

TEXT = """\
# BASE is where it begins
ARG BASE=known
FROM ${BASE} AS first
RUN --mount=type=secret,id=word,required --mount=type=ssh true
# end is what is shipped
FROM --platform=linux/amd64 first AS end
ARG SIZE
FROM other
"""


def outlined(folder: Path, text: str, **options: Any) -> Answer:
    with fake_engine(folder, answers=ANSWERS) as fake:
        return outline_target(fake.engine, material(text, **options))


def test_prints_an_outline(tmp_path: Path) -> None:
    answer = outlined(tmp_path, TEXT, target="end", buildargs={"SIZE": "3"})
    assert answer.text == (
        "TARGET:      end\n"
        "DESCRIPTION: is what is shipped\n\n"
        "BUILD ARG   VALUE   DESCRIPTION\n"
        "BASE        known   is where it begins\n"
        "SIZE        3       \n\n"
        "SECRET   REQUIRED\n"
        "word     true\n\n"
        "SSH       REQUIRED\n"
        "default   \n\n"
    )
    assert outlined(tmp_path, TEXT).text == ""


def test_says_an_outline_as_json(tmp_path: Path) -> None:
    found = json.loads(outlined(tmp_path, TEXT, target="end").json)
    assert list(found) == ["name", "description", "args", "secrets", "ssh", "sources"]
    assert found["args"][0] == {
        "name": "BASE",
        "description": "is where it begins",
        "value": "known",
        "location": {"ranges": [{"start": {"line": 2}, "end": {"line": 2}}]},
    }
    assert found["secrets"][0]["required"] is True
    assert "required" not in found["ssh"][0]


def test_lists_targets(tmp_path: Path) -> None:
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        answer = list_targets(fake.engine, material(TEXT))
    assert answer.text == (
        "TARGET    DESCRIPTION\nfirst     \nend       is what is shipped\n(default) \n"
    )
    targets = json.loads(answer.json)["targets"]
    assert targets[1] == {
        "name": "end",
        "description": "is what is shipped",
        "base": "first",
        "platform": "linux/amd64",
        "location": {"ranges": [{"start": {"line": 6}, "end": {"line": 6}}]},
    }
    assert targets[2]["default"] is True


def test_names_the_last_target_as_the_default(tmp_path: Path) -> None:
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        answer = list_targets(fake.engine, material("FROM known AS x\n"))
    assert "x (default) \n" in answer.text


def test_lists_methods(tmp_path: Path) -> None:
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        answer = describe_methods(fake.engine, material("FROM known\n"))
    assert answer.text.splitlines()[0] == "NAME                 VERSION DESCRIPTION"
    assert [one["name"] for one in json.loads(answer.json)] == [
        *("frontend.outline", "frontend.targets", "frontend.subrequests.describe")
    ]
