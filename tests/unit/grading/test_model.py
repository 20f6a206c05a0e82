import pytest

from labkit.grading.model import Belongings, Grade, Outcome, Verdict, worst
from tests.unit.grading.build import make_check, make_exercise

P, F, C = Outcome.PASSED, Outcome.FAILED, Outcome.COULD_NOT_CHECK


@pytest.mark.parametrize(
    ("outcomes", "sum_"),
    [((), P), ((P, P), P), ((P, F), F), ((F, C, P), C), ((P, C), C)],
)
def test_an_outage_outweighs_a_failure_and_a_failure_a_pass(outcomes, sum_):
    assert worst(outcomes) is sum_


def test_a_grade_adds_up_its_verdicts():
    grade = Grade(
        "c05-e1",
        "x",
        (Verdict("a", "A", P, 2, 2), Verdict("b", "B", F, 0, 3)),
    )
    assert (grade.points, grade.possible, grade.outcome) == (2, 5, F)


def test_an_exercise_is_worth_its_checks():
    checks = (
        make_check("network", "a", 2, name="net"),
        make_check("network", "b", 3, name="net"),
    )
    assert make_exercise(*checks).points == 5


def test_belongings_join_without_doubles():
    one = Belongings(("a", "b"), ("n",), images=("i",))
    other = Belongings(("b", "c"), (), ("v",))
    assert one | other == Belongings(("a", "b", "c"), ("n",), ("v",), ("i",))
