"""Forty wrong attempts, each mended by the next step that its failure names.

The sample was drawn by a seed from all chapters (``next_steps.yaml``). What a failure
said is compared to the letter; then what a learner did who followed it is done, and the
check that had refused must pass.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import pytest
import yaml

from labkit.grading.grade import grade_exercises
from labkit.grading.load import find_exercise
from labkit.grading.model import Outcome
from labkit.grading.practice import begin, reset_exercise
from labkit.grading.scripts import run_script
from tests.system.grading.plain import plain

SEED = "system-tests"
SAMPLE = yaml.safe_load((Path(__file__).parent / "next_steps.yaml").read_text("utf-8"))
EVERY = 1 if os.environ.get("LABKIT_TEST_THOROUGH") else 4
JOBS = 2
ANYTHING = "(whatever this machine runs first)"

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_sample_comes_from_all_chapters():
    chapters = {case["exercise"][:3] for case in SAMPLE}
    assert len(SAMPLE) == 40
    assert len(chapters) == 12


def test_a_next_step_that_is_followed_mends_what_failed(
    stocked_lab, tmp_path, monkeypatch
):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    # Cases of one exercise have its names in common: one after the other.
    groups = groupby(SAMPLE[::EVERY], key=lambda case: case["exercise"])
    todo = [list(cases) for _, cases in groups]

    def follow_all(cases):
        return [_follow(stocked_lab.host, case) for case in cases]

    with ThreadPoolExecutor(JOBS) as workers:
        seen = [case for cases in workers.map(follow_all, todo) for case in cases]
    assert seen == [(_said(case), "passed") for case in SAMPLE[::EVERY]]


def _follow(host, case):
    """Play an attempt; return what the check said, and what it says afterwards."""
    exercise = find_exercise(case["exercise"], SEED)
    (attempt,) = (item for item in exercise.wrong if item.title == case["attempt"])
    try:
        folder = begin(host, exercise)
        _run(attempt.script, host, exercise, folder)
        said = _verdict(host, exercise, case["check"])
        if case.get("begins"):
            folder = begin(host, exercise)
        _run(case["followed"], host, exercise, folder)
        after = _verdict(host, exercise, case["check"])
    finally:
        reset_exercise(host, exercise)
    assert said.outcome is Outcome.FAILED, case
    first = said.findings[0]
    # A process of the machine's own was found, and every machine has another.
    found = ANYTHING if case["found"] == ANYTHING else plain(first.found)
    told = (first.field, first.expected, found, first.next_step)
    return (case["exercise"], case["attempt"], *told), after.outcome.value


def _run(script, host, exercise, folder):
    result = run_script(script, host, exercise.values, folder)
    assert result.succeeded, (exercise.id, result.output)


def _verdict(host, exercise, check):
    (grade,) = grade_exercises(host, [exercise])
    return next(verdict for verdict in grade.verdicts if verdict.check == check)


def _said(case):
    names = ("exercise", "attempt", "field", "expected", "found", "next_step")
    return tuple(case[name] for name in names)
