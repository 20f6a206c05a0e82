"""``--call``: reading it, and answering by the method that it names."""

import json
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.calls import (
    Answer,
    Call,
    answer_call,
    code_of,
    columns,
    document,
    encoded,
    location,
    printed,
    read_call,
    wanted_call,
)
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Given
from labkit.dockerfile.errors import Lines
from tests.unit.docker_cli.buildx.fake_engine import fake_engine
from tests.unit.docker_cli.buildx.readings import ANSWERS, material


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("check", Call("lint")),
        ("lint,format=json", Call("lint", "json")),
        ("format=json,outline,ignorestatus=T", Call("outline", "json", True)),
        ("targets,ignorestatus=0", Call("targets")),
        ("", Call("")),
    ],
)
def test_reads_a_call(text: str, call: Call) -> None:
    assert read_call(text or '""') == call


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("check,outline", "invalid print value: check,outline"),
        ("check,x=1", "invalid print field: x=1"),
        (
            "check,ignorestatus=maybe",
            "invalid ignorestatus print value: maybe: strconv.ParseBool: parsing "
            '"maybe": invalid syntax',
        ),
    ],
)
def test_refuses_a_call(text: str, said: str) -> None:
    with pytest.raises(BuildxError) as caught:
        read_call(text)
    assert str(caught.value) == said


def test_knows_when_nothing_is_to_be_built() -> None:
    assert wanted_call(Given()) is None
    assert wanted_call(Given({"call": ["build"]})) is None
    assert wanted_call(Given({"check": ["true"]})) == Call("lint")
    assert wanted_call(Given({"call": ["targets"]})) == Call("targets")


@pytest.mark.parametrize(
    "method", ["lint", "outline", "targets", "subrequests.describe"]
)
def test_every_method_answers_in_both_ways(tmp_path: Path, method: str) -> None:
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        answer = answer_call(fake.engine, material("FROM known\n"), Call(method))
    assert answer.code == 0
    json.loads(answer.json)


def test_says_that_there_is_no_such_method(tmp_path: Path) -> None:
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        for name in ("nope", "frontend.nope"):
            with pytest.raises(
                BuildxError, match=r"unsupported request frontend\.nope"
            ):
                answer_call(fake.engine, material("FROM known\n"), Call(name))


def test_prints_what_was_asked_for() -> None:
    answer = Answer("text\n", "{}", 1)
    assert printed(answer, Call("lint")) == "text\n"
    assert printed(answer, Call("lint", "json")) == "{}\n"
    assert code_of(answer, Call("lint")) == 1
    assert code_of(answer, Call("lint", ignores_status=True)) == 0


def test_spells_things_as_go_does() -> None:
    assert document({"a": "<ä&>"}) == '{\n  "a": "\\u003cä\\u0026\\u003e"\n}'
    assert encoded("FROM a\n") == "RlJPTSBhCg=="
    assert location(Lines(1, 1)) == {
        "ranges": [{"start": {"line": 1}, "end": {"line": 1}}]
    }
    assert columns([("A", "B", "C"), ("long", "", "")], 3) == (
        "A      B   C\nlong       \n"
    )
