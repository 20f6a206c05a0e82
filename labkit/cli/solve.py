"""``labkit solve``: apply the reference solution."""

import click

from labkit.cli.choice import choose_exercises
from labkit.cli.engine_process import ensure_engine
from labkit.cli.names import CHAPTER_OR_EXERCISE, exercise_option
from labkit.grading.practice import solve as apply_solution


@click.command()
@click.argument("chapter", type=CHAPTER_OR_EXERCISE, required=False)
@exercise_option("Solve only this one.")
def solve(chapter: str | None, exercise_id: str | None) -> None:
    """Apply the reference solutions, such as `labkit solve chapter05`.

    Each exercise begins anew: what you made for it is removed first.
    """
    exercises = choose_exercises(chapter, exercise_id)
    host = ensure_engine()
    for exercise in exercises:
        apply_solution(host, exercise)
        click.echo(f"{exercise.id} solved: {exercise.title}")
