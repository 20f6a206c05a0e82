import click
import pytest

from labkit.base.errors import InvalidInputError
from labkit.cli.choice import choose_exercise, choose_exercises


@pytest.fixture(autouse=True)
def _home(terminal):
    """Choose with the values of a learner of this test's own."""


def test_a_chapter_means_all_its_exercises():
    assert len(choose_exercises("chapter05", None)) >= 6


def test_an_exercise_may_stand_in_the_place_of_a_chapter():
    (exercise,) = choose_exercises("c05-e2", None)
    assert exercise.id == "c05-e2"
    assert choose_exercises("chapter05", "c05-e2") == (exercise,)
    assert choose_exercise("c05-e2") == exercise


def test_an_exercise_of_another_chapter_is_refused():
    with pytest.raises(InvalidInputError, match="belongs to chapter05, not chapter06"):
        choose_exercises("chapter06", "c05-e2")


def test_all_and_a_chapter_is_too_much():
    with pytest.raises(click.UsageError):
        choose_exercises("chapter05", None, every=True)
    assert len(choose_exercises(None, None, every=True)) >= 6


def test_a_chapter_is_no_exercise():
    with pytest.raises(InvalidInputError, match="several exercises: name one of c05"):
        choose_exercise("5")
