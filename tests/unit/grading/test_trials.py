from labkit.grading.model import Attempt, Outcome
from labkit.grading.trials import Kind, Played, Trial, attempts_of
from tests.unit.grading.build import make_check, make_container, make_exercise, see

EXERCISE = make_exercise(
    make_check("container", "web", name="web"),
    also=(Attempt("another way", "run it"),),
    wrong=(Attempt("asleep", "create it", "web"),),
)


def test_everything_that_an_author_wrote_is_played_in_order():
    played = [(kind, attempt.title) for kind, attempt in attempts_of(EXERCISE)]
    assert played == [
        (Kind.UNTOUCHED, "untouched"),
        (Kind.RIGHT, "the solution"),
        (Kind.RIGHT, "another way"),
        (Kind.WRONG, "asleep"),
    ]


def test_what_was_seen_is_judged_as_often_as_one_likes():
    right = Trial(Kind.RIGHT, EXERCISE.also[0], see(make_container()))
    wrong = Trial(Kind.WRONG, EXERCISE.wrong[0], see(make_container(status="created")))
    played = Played(EXERCISE, (right, wrong))
    for _ in range(2):
        assert played.grade(right).outcome is Outcome.PASSED
        assert played.grade(wrong).outcome is Outcome.FAILED
