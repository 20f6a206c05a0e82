"""Which exercises a command means: a chapter, one exercise, or all."""

import click

from labkit.base.errors import InvalidInputError
from labkit.base.home import lab_home
from labkit.grading.load import find_exercise, find_exercises, load_exercises
from labkit.grading.model import Exercise
from labkit.grading.names import is_exercise, spell_chapter
from labkit.grading.values import learner_seed


def choose_exercises(
    chapter: str | None, exercise_id: str | None, every: bool | None = None
) -> tuple[Exercise, ...]:
    """Return the exercises that the arguments name, with this learner's values.

    An exercise's id in the place of the chapter means that exercise: it is what
    people type. ``every`` is what was said of ``--all``; None where there is no such
    option.
    """
    seed = learner_seed(lab_home())
    if chapter and is_exercise(chapter) and not exercise_id:
        chapter, exercise_id = None, chapter
    if exercise_id:
        exercise = find_exercise(exercise_id, seed)
        if chapter and exercise.chapter != chapter:
            raise InvalidInputError(
                f"exercise {exercise_id} belongs to {exercise.chapter}, not {chapter}"
            )
        return (exercise,)
    if chapter and every:
        raise click.UsageError("name a chapter, or say --all, not both")
    if not chapter and not every:
        otherwise = "an exercise" if every is None else "say --all"
        raise click.UsageError(f"name a chapter, such as chapter05, or {otherwise}")
    return load_exercises(chapter, seed)


def choose_exercise(exercise_id: str) -> Exercise:
    """Return one exercise with this learner's values."""
    if (chapter := spell_chapter(exercise_id)).startswith("chapter"):
        ids = ", ".join(path.stem for path in find_exercises(chapter))
        raise InvalidInputError(f"{chapter} has several exercises: name one of {ids}")
    return find_exercise(exercise_id, learner_seed(lab_home()))
