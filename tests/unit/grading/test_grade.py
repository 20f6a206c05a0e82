import time

import pytest

from labkit.grading.grade import grade_exercises
from labkit.grading.model import Outcome
from tests.unit.grading.build import make_check, make_exercise
from tests.unit.grading.observe.fakes import NOT_FOUND, answer_with, hang, serving

EXERCISE = make_exercise(
    make_check("container", "web", name="web"),
    make_check("http", "page", port=1, within=5, needs=["web"]),
)


def test_nobody_waits_for_a_page_that_can_not_come(tmp_path):
    begin = time.monotonic()
    with serving(tmp_path / "s", answer_with(NOT_FOUND)) as host:
        (grade,) = grade_exercises(host, [EXERCISE])
    assert [verdict.outcome for verdict in grade.verdicts] == [Outcome.FAILED] * 2
    assert time.monotonic() - begin < 2


def test_an_outage_is_no_zero(tmp_path):
    (grade,) = grade_exercises(f"unix://{tmp_path}/none.sock", [EXERCISE])
    assert grade.outcome is Outcome.COULD_NOT_CHECK


@pytest.mark.slow
def test_a_hung_engine_is_given_up_and_not_asked_again(tmp_path):
    # By its name alone: what a page's check asks first is the container it needs.
    alone = make_exercise(*EXERCISE.checks, make_check("http", "other", port=2))
    begin = time.monotonic()
    with serving(tmp_path / "s", hang) as host:
        (grade,) = grade_exercises(host, [alone])
    outcomes = {verdict.outcome for verdict in grade.verdicts}
    assert outcomes == {Outcome.COULD_NOT_CHECK}
    assert time.monotonic() - begin < 4.5
