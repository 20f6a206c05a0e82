import pytest

from labkit.grading.load import find_exercise, load_source
from labkit.grading.receipt.edition import edition_of, edition_of_tree


@pytest.fixture
def tree():
    return load_source(find_exercise("c05-e3", "any").path).tree


def test_is_the_same_for_every_learner():
    one, other = (edition_of(find_exercise("c05-e3", seed)) for seed in ("a", "b"))
    assert one == other


@pytest.mark.parametrize("key", ["hints", "wrong", "also", "solution", "task"])
def test_help_and_attempts_may_change(tree, key):
    assert edition_of_tree({**tree, key: "new"}) == edition_of_tree(tree)


@pytest.mark.parametrize("key", ["checks", "values", "title", "debrief", "points"])
def test_what_decides_a_grade_may_not(tree, key):
    assert edition_of_tree({**tree, key: "new"}) != edition_of_tree(tree)


def test_a_setup_may_change_but_not_go(tree):
    assert edition_of_tree({**tree, "setup": "new"}) == edition_of_tree(tree)
    assert edition_of_tree({**tree, "setup": None}) != edition_of_tree(tree)
