import pytest

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.grading.lint import lint_unfinished
from labkit.grading.load import find_exercises, load_exercise, read_exercise
from labkit.grading.skeleton import left_to_fill_in, make_exercise_file, skeleton
from labkit.grading.source import parse_source


def test_a_skeleton_is_a_valid_exercise(tmp_path):
    source = parse_source(tmp_path / "c05-e10.yaml", skeleton("c05-e10"))
    exercise = read_exercise(source, "any")
    assert exercise.points == 5
    assert len(exercise.wrong) == 3
    assert exercise.owns.containers[0].startswith("c05-e10-")


def test_says_line_by_line_what_is_left():
    left = list(left_to_fill_in(skeleton("c05-e10")))
    assert left[0] == "line 3: a title of a few words"
    assert len(left) == 7
    assert list(left_to_fill_in("title: done\n# FILL IN: what is left\n")) == []


def test_is_written_by_chapter_and_never_twice(tmp_path):
    made = make_exercise_file("c05-e10", tmp_path)
    assert made == tmp_path / "chapter05" / "c05-e10.yaml"
    assert load_exercise(made, "any").id == "c05-e10"
    (proof,) = lint_unfinished([made, find_exercises("chapter05")[0]])
    assert proof.subject == "c05-e10"
    assert "line 3: a title of a few words; line 8: what to do" in proof.problem
    with pytest.raises(ConflictError, match="c05-e10 is there already"):
        make_exercise_file("c05-e10", tmp_path)


@pytest.mark.parametrize(
    ("name", "error", "problem"),
    [
        ("c05-e2", ConflictError, "exercise c05-e2 is there already, in .*c05-e2.yaml"),
        ("c05-e0", InvalidInputError, "from 1 to 10, not 0"),
        ("c05-e11", InvalidInputError, "from 1 to 10, not 11"),
        ("c77-e1", NotFoundError, "no exercises for 'chapter77'"),
        ("chapter77", NotFoundError, "no exercises for 'chapter77'"),
        ("../x", NotFoundError, "no exercises for '../x'"),
    ],
)
def test_what_can_not_be_is_one_sentence(name, error, problem, tmp_path):
    with pytest.raises(error, match=problem):
        make_exercise_file(name, tmp_path)


def test_a_chapter_means_its_next_free_number(tmp_path):
    taken = [path.stem for path in find_exercises("chapter05")]
    path = make_exercise_file("chapter05", tmp_path)
    assert path.stem == f"c05-e{len(taken) + 1}"
