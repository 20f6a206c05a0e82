import pytest

from labkit.grading.names import chapter_of, is_exercise, spell_chapter, spell_exercise


@pytest.mark.parametrize(
    "typed",
    ["chapter05", "chapter5", "Chapter 5", "ch05", "ch5", "CH-5", "c05", "05", "5"],
)
def test_a_chapter_has_many_spellings(typed):
    assert spell_chapter(typed) == "chapter05"


def test_two_digits_stay():
    assert spell_chapter("12") == spell_chapter("chapter012") == "chapter12"


@pytest.mark.parametrize("typed", ["chaptr05", "123", "five", "", "c05-e2", "5-", "٣"])
def test_what_is_no_chapter_comes_back_as_it_was(typed):
    assert spell_chapter(typed) == typed


@pytest.mark.parametrize(
    "typed", ["c05-e2", "C05-E2", "c5-e2", "c5e2", "c05e02", "5-2", "5-e2", "05-2"]
)
def test_an_exercise_has_many_spellings(typed):
    assert spell_exercise(typed) == "c05-e2"


@pytest.mark.parametrize("typed", ["chapter05", "5", "c05-e", "c05-e2x", "e2", ""])
def test_what_is_no_exercise_comes_back_as_it_was(typed):
    assert spell_exercise(typed) == typed


def test_an_exercise_says_its_chapter():
    assert is_exercise("c05-e12")
    assert not is_exercise("chapter05")
    assert chapter_of("c05-e12") == "chapter05"
