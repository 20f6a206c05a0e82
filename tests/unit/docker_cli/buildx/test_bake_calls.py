"""``bake --call``: every target is asked."""

import json
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.bake_calls import call_targets, read_calls
from labkit.docker_cli.buildx.bake_file import Target, wish_of
from labkit.docker_cli.buildx.calls import Call
from labkit.docker_cli.buildx.errors import BuildxError
from tests.unit.docker_cli.buildx.fake_engine import fake_engine
from tests.unit.docker_cli.buildx.readings import ANSWERS

TARGETS: dict[str, Target] = {
    "b": {"dockerfile-inline": "FROM known\nCMD x\n", "description": "the second"},
    "a": {"dockerfile-inline": "FROM known\n"},
}


def called(folder: Path, targets: dict[str, Target], call: Call) -> int:
    wishes = {
        name: wish_of({"context": str(folder), **one}) for name, one in targets.items()
    }
    with fake_engine(folder, answers=ANSWERS) as fake:
        calls = dict.fromkeys(targets, call)
        return call_targets(fake.engine, targets, wishes, calls)


def test_prints_each_under_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(tmp_path, TARGETS, Call("lint")) == 1
    out = capsys.readouterr().out
    assert out.startswith(
        "a\n\nCheck complete, no warnings found.\n\nb\nthe second\n\n"
        "Check complete, 1 warning has been found!\n"
    )
    assert called(tmp_path, TARGETS, Call("lint", ignores_status=True)) == 0


def test_says_it_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(tmp_path, TARGETS, Call("lint", "json")) == 1
    found = json.loads(capsys.readouterr().out)["target"]
    assert found["a"]["build"] == TARGETS["a"]
    assert found["a"]["check"]["warnings"] is None
    assert len(found["b"]["check"]["warnings"]) == 1
    assert called(tmp_path, TARGETS, Call("subrequests.describe", "json")) == 0
    found = json.loads(capsys.readouterr().out)["target"]
    assert len(found["a"]["subrequests.describe"]["subrequests.describe"]) == 3


def test_what_is_wrong_with_one_is_said_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = {**TARGETS, "a": {**TARGETS["a"], "target": "x"}}
    assert called(tmp_path, targets, Call("outline")) == 1
    said = 'error: target stage "x" could not be found\n'
    assert capsys.readouterr().out.startswith(f"a\n\n{said}\nb\n")
    assert called(tmp_path, targets, Call("outline", "json")) == 1
    found = json.loads(capsys.readouterr().out)["target"]
    assert "could not be found" in found["a"]["outline"]["error"]


def test_targets_have_questions_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets: dict[str, Target] = {
        "a": {**TARGETS["a"], "call": "check"},
        "b": {**TARGETS["b"], "call": "targets,format=json"},
        "c": {**TARGETS["a"], "call": "build"},
        "d": TARGETS["a"],
    }
    calls = read_calls(targets, None)
    assert calls == {"a": Call("lint"), "b": Call("targets")}
    wishes = {name: wish_of(one) for name, one in targets.items()}
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        assert call_targets(fake.engine, targets, wishes, calls) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "a\n\nCheck complete, no warnings found.\n\nb\nthe second\n\n"
    )
    assert "TARGET" in out
    asked = Call("lint", "json", ignores_status=True)
    assert read_calls({"a": targets["a"]}, asked) == {"a": asked}
    with pytest.raises(BuildxError, match="invalid print field: x"):
        read_calls({"a": {"call": "check,x=y"}}, None)
