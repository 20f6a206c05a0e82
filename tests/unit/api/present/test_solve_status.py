"""Progress as BuildKit spells it."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from labkit.api.present.solve_status import (
    SolveStatus,
    describe,
    result,
    warnings_line,
)
from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.builder.model import (
    Built,
    MissingFileError,
    SourceTried,
    StageDone,
    Step,
    StepCached,
    StepDone,
    StepError,
    StepFailed,
    StepNote,
    StepOutput,
    StepPulls,
    StepStarted,
)
from labkit.dockerfile import rules
from labkit.dockerfile.errors import DockerfileError, Lines
from labkit.dockerfile.rules import LintWarning
from labkit.images.transfer import PullBegun, PullDone
from tests.contract.fakes.builder import IMAGE
from tests.unit.builder.workshop import TickingClock

STEP = Step(0, 2, 3, "RUN x", (4, 5), place=2, places=2)


@pytest.fixture
def status() -> SolveStatus:
    return SolveStatus(TickingClock(), "FROM x\n", "D")


def test_a_step_is_told_when_it_begins_and_ends(status: SolveStatus) -> None:
    (begun,) = status.add(StepStarted(STEP))
    (vertex,) = begun["vertexes"]
    assert vertex["name"] == "[2/2] RUN x"
    assert vertex["started"] == "2023-11-14T22:13:21Z"
    assert list(status.add(StepCached(STEP))) == []
    (ended,) = status.add(StepDone(STEP, "sha256:x"))
    assert ended["vertexes"] == [
        {**vertex, "cached": True, "completed": "2023-11-14T22:13:22Z"}
    ]
    assert list(status.add(StageDone(0, ""))) == []


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "[2/2] RUN x"),
        ({"stage_name": "web"}, "[web 2/2] RUN x"),
        ({"places": 12}, "[ 2/12] RUN x"),
        ({"shown": "FROM y:1"}, "[2/2] FROM y:1"),
    ],
)
def test_names_a_step_by_its_stage_and_place(
    status: SolveStatus, values: dict[str, Any], name: str
) -> None:
    (line,) = status.add(StepStarted(replace(STEP, **values)))
    assert line["vertexes"][0]["name"] == name


def test_output_is_told_as_it_is(status: SolveStatus) -> None:
    (line,) = status.add(StepOutput(STEP, "stderr", b"\xff"))
    (log,) = line["logs"]
    assert (log["stream"], base64.b64decode(log["data"])) == (2, b"\xff")
    (line,) = status.add(StepNote(STEP, "note"))
    assert base64.b64decode(line["logs"][0]["data"]) == b"note\n"


def test_what_makes_no_files_is_told_only_if_it_fails(status: SolveStatus) -> None:
    step = replace(STEP, place=0, text="USER x")
    assert list(status.add(StepStarted(step))) == []
    assert list(status.add(StepDone(step, ""))) == []
    (line,) = status.add(StepFailed(step, InvalidInputError("why")))
    assert line["vertexes"][0]["error"] == "why"


def test_a_pull_is_a_part_of_its_step(status: SolveStatus) -> None:
    name = parse_reference("app:1")
    (told,) = status.add(StepPulls(STEP, PullBegun(name)))
    (part,) = told["statuses"]
    assert part["id"] == "resolve docker.io/library/app:1"
    assert list(status.add(StepPulls(STEP, PullDone(name, True)))) == []


def test_sources_of_the_cache_are_named(status: SolveStatus) -> None:
    for is_there in (True, False):
        (told,) = status.add(SourceTried("app:1", is_there))
        (vertex,) = told["vertexes"]
        assert vertex["name"] == "importing cache manifest from app:1"
        assert ("error" in vertex) != is_there


def test_a_failure_names_its_lines(status: SolveStatus) -> None:
    list(status.add(StepFailed(STEP, StepError("why", 7, "sh -c x"))))
    line = status.failure(StepError("long", 7, "sh -c x"))
    assert line["failed"] == {
        "message": 'process "sh -c x" did not complete successfully: exit code: 7',
        "code": 7,
        "filename": "D",
        "source": "FROM x\n",
        "first": 4,
        "last": 5,
    }


def test_a_failure_may_have_no_lines(status: SolveStatus) -> None:
    failed = status.failure(InvalidInputError("why"))["failed"]
    assert failed == {"message": "why"}
    error = DockerfileError("why", Lines(1, 1))
    assert status.failure(error)["failed"]["first"] == 1
    assert describe(error) == error.message


def test_ends_with_the_image() -> None:
    assert result(Built(IMAGE), ("a",)) == {
        "result": {"ID": IMAGE.id.text, "Names": ["a"]}
    }


def test_warnings_bring_the_lines_they_are_about() -> None:
    found = LintWarning(rules.UNDEFINED_VAR, "it is not", Lines(2, 3))
    (line,) = warnings_line([found], "FROM a\nUSER $b \\\n c\n", "Dockerfile")[
        "warnings"
    ]
    short = base64.b64decode(line["short"]).decode()
    assert short == "UndefinedVar: it is not (line 2)"
    assert [one["start"]["line"] for one in line["range"]] == [2, 3]
    assert base64.b64decode(line["sourceInfo"]["data"]).startswith(b"FROM a\n")


def test_quotes_a_command_as_go_does() -> None:
    error = StepError("x", 3, 'sh -c test "$A"')
    assert describe(error) == (
        'process "sh -c test \\"$A\\"" did not complete successfully: exit code: 3'
    )


def test_a_file_that_is_not_there_is_told_as_buildkit_tells_it(
    status: SolveStatus,
) -> None:
    error = MissingFileError("COPY failed", "local://context", "/a", "did you mean b?")
    said = 'failed to calculate checksum of ref local://context: "/a": not found'
    (line,) = status.add(StepFailed(STEP, error))
    assert line["vertexes"][0]["error"] == f"{said} (did you mean b?)"
    assert status.failure(error)["failed"] == {
        "message": f"failed to compute cache key: {said} (did you mean b?)",
        **{"place": "local://context", "path": "/a"},
        **{"filename": "D", "source": "FROM x\n", "first": 4, "last": 5},
    }
    plain = MissingFileError("COPY failed", "web", "/a", "")
    assert describe(plain).endswith('of ref web: "/a": not found')
