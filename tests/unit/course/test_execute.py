import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.course.execute import (
    Finding,
    Lab,
    Outcome,
    Status,
    find_step,
    judge_step,
    run_steps,
)
from labkit.course.model import Expectation, Step
from labkit.course.places import Place
from labkit.course.shell import Completed
from tests.unit.course.build import make_chapter, make_step


def lab(*findings: Finding, offers: Sequence[Place] = ()) -> Lab:
    def examine(_: Expectation) -> tuple[Finding, ...]:
        return findings

    return Lab({"PATH": os.environ["PATH"]}, examine, frozenset(offers))


def judge(step: Step, code: int, output: str, *findings: Finding) -> tuple[Status, str]:
    return judge_step(step, Completed(code, output, 0.1), lambda _: findings)


def run(*steps: Step, where: Lab | None = None) -> list[Outcome]:
    return list(run_steps(steps, where or lab(), lambda _: None))


def test_a_step_that_did_its_work_is_ok() -> None:
    step = make_step(prints=("made",), expect=({"x": 1},))
    assert judge(step, 0, "made it", Finding(True, "")) == (Status.OK, "")


def test_names_the_exit_code_and_the_last_words() -> None:
    status, reason = judge(make_step(), 2, "one\nno such thing\n")
    assert status is Status.FAILED
    assert reason == "exit code: expected 0, found 2: no such thing"


def test_names_the_error_above_dockers_advice() -> None:
    _, reason = judge(make_step(), 125, "docker: Error: no x\n\nRun 'docker --help'\n")
    assert reason == "exit code: expected 0, found 125: docker: Error: no x"


def test_names_what_was_mistyped_and_not_dockers_advice() -> None:
    said = "unknown flag: --nmae\n\nUsage:  docker run [OPTIONS] IMAGE\n\n"
    said += "Run 'docker run --help' for more information\n"
    _, reason = judge(make_step(), 125, said)
    assert reason == "exit code: expected 0, found 125: unknown flag: --nmae"


def test_a_refusal_that_was_meant_is_ok() -> None:
    assert judge(make_step(exit_code=1), 1, "no")[0] is Status.OK


def test_a_refusal_that_did_not_come_has_failed() -> None:
    assert judge(make_step(exit_code=1), 0, "")[0] is Status.FAILED


def test_says_which_text_is_missing() -> None:
    status, reason = judge(make_step(prints=("a", "b")), 0, "only a")
    assert status is Status.FAILED
    assert reason == "output: expected 'b', found 'only a'"


def test_a_wrong_world_has_failed() -> None:
    step = make_step(expect=({"x": 1},))
    found = judge(step, 0, "", Finding(True, "fine"), Finding(False, "not so"))
    assert found == (Status.FAILED, "not so")


def test_an_outage_is_no_failure() -> None:
    step = make_step(expect=({"x": 1},))
    found = judge(step, 0, "", Finding(None, "nobody answers"))
    assert found == (Status.COULD_NOT_CHECK, "nobody answers")


def test_a_step_done_before_is_ok_if_the_world_is_right() -> None:
    step = make_step(again="already exists", expect=({"x": 1},))
    status, reason = judge(step, 1, "it already exists", Finding(True, ""))
    assert status is Status.OK
    assert "done before" in reason


def test_a_step_done_before_fails_in_a_wrong_world() -> None:
    step = make_step(again="already exists", expect=({"x": 1},))
    found = judge(step, 1, "it already exists", Finding(False, "but stopped"))
    assert found == (Status.FAILED, "but stopped")


def test_another_refusal_is_not_done_before() -> None:
    step = make_step(again="already exists")
    assert judge(step, 1, "no space left")[0] is Status.FAILED


def test_runs_steps_and_keeps_their_output() -> None:
    (outcome,) = run(make_step("echo hello"))
    assert (outcome.status, outcome.output) == (Status.OK, "hello\n")
    assert outcome.exit_code == 0


def test_skips_what_needs_a_failed_step() -> None:
    first = make_step("false", id="first")
    second = make_step("true", id="second", needs=("first",))
    third = make_step("true", id="third", needs=("second",))
    outcomes = run(first, second, third)
    assert [outcome.status for outcome in outcomes] == [
        Status.FAILED,
        Status.SKIPPED,
        Status.SKIPPED,
    ]
    assert outcomes[1].reason == "needs step 'first', which failed"


def test_skips_a_look_into_another_engine() -> None:
    step = make_step("false", only=(Place.ROOT, Place.LAB))
    (outcome,) = run(step, where=lab(offers=[Place.ROOT]))
    assert outcome.status is Status.SKIPPED
    assert outcome.reason.startswith("not visible here")


def test_skips_what_wants_a_program_that_is_not_here() -> None:
    absent = make_step("false", wants=("sh", "no-such-program"))
    present = make_step("true", id="second", wants=("sh",))
    outcomes = run(absent, present)
    assert [outcome.status for outcome in outcomes] == [Status.SKIPPED, Status.OK]
    assert outcomes[0].reason == "not here: needs the program 'no-such-program'"


@pytest.mark.slow
def test_a_step_that_hangs_has_failed() -> None:
    (outcome,) = run(make_step("sleep 60", timeout_seconds=0.2))
    assert (outcome.status, outcome.reason) == (
        Status.FAILED,
        "stopped after 0.2 seconds",
    )


def test_finds_a_step_or_says_which_was_meant() -> None:
    chapter = make_chapter("```{step} create\ntrue\n```\n")
    assert find_step(chapter, "create").script == "true"
    with pytest.raises(NotFoundError, match="did you mean create"):
        find_step(chapter, "crate")


def test_scripts_begin_in_the_chapters_folder(tmp_path: Path) -> None:
    where = replace(lab(), folder=tmp_path)
    run(make_step("echo made > file"), where=where)
    assert (tmp_path / "file").read_text() == "made\n"
