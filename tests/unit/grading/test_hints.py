import pytest

from labkit.base.clock import SystemClock
from labkit.course.progress import Progress
from labkit.grading.hints import next_hint, pick_ladder
from labkit.grading.judge import judge
from labkit.grading.model import HintLadder
from tests.unit.grading.build import (
    make_check,
    make_container,
    make_exercise,
    make_network,
    see,
)

GENERAL = HintLadder(("g1", "g2", "g3"))
STATE = HintLadder(("s1", "s2", "s3"), "web.state")
WEB = HintLadder(("w1", "w2", "w3"), "web")
EXERCISE = make_exercise(
    make_check("network", "net", name="net"),
    make_check("container", "web", name="web", image="nginx"),
    hints=(GENERAL, STATE, WEB),
)


def _grade(*things):
    return judge(EXERCISE, see(*things))


def test_the_failed_field_picks_the_ladder():
    exited = make_container(status="exited")
    assert pick_ladder(EXERCISE, _grade(make_network(), exited)) is STATE


def test_then_the_failed_check_does():
    other = make_container(image="busybox")
    assert pick_ladder(EXERCISE, _grade(make_network(), other)) is WEB


def test_the_first_check_that_fails_decides():
    assert pick_ladder(EXERCISE, _grade(make_container(status="exited"))) is GENERAL
    assert pick_ladder(EXERCISE, None) is GENERAL


@pytest.fixture
def record(tmp_path):
    return Progress(tmp_path / "home", SystemClock())


def test_hints_go_on_from_last_time_and_end_at_the_last(record):
    given = [next_hint(EXERCISE, None, record) for _ in range(4)]
    assert [hint.text for hint in given] == ["g1", "g2", "g3", "g3"]
    assert [hint.tier for hint in given] == [1, 2, 3, 3]


def test_each_ladder_is_climbed_on_its_own(record):
    next_hint(EXERCISE, None, record)
    failed = _grade(make_network(), make_container(image="busybox"))
    assert next_hint(EXERCISE, failed, record).text == "w1"
    assert next_hint(EXERCISE, None, record).text == "g2"


def test_a_new_beginning_starts_at_the_bottom_of_this_exercise_only(record):
    other = make_exercise(*EXERCISE.checks, id="c05-e10", hints=(GENERAL,))
    next_hint(EXERCISE, None, record)
    next_hint(other, None, record)
    record.begin_exercise(EXERCISE.id)
    assert next_hint(EXERCISE, None, record).tier == 1
    assert next_hint(other, None, record).tier == 2
