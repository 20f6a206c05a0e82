"""``labkit setup``: put an exercise at its start."""

import click

from labkit.base.clock import SystemClock
from labkit.base.home import lab_home
from labkit.cli.choice import choose_exercise
from labkit.cli.engine_process import ensure_engine
from labkit.cli.names import EXERCISE
from labkit.course.noting import Noting
from labkit.course.progress import Progress
from labkit.grading.practice import begin


@click.command()
@click.argument("exercise_id", type=EXERCISE, metavar="ID")
def setup(exercise_id: str) -> None:
    """Put an exercise at its start: what it made is removed, what it needs is made."""
    exercise = choose_exercise(exercise_id)
    folder = begin(ensure_engine(), exercise)
    begin_record(exercise.id)
    click.echo(f"{exercise.id} is at its start: {exercise.title}")
    if folder:
        click.echo(f"its files are in {folder}")


def begin_record(exercise_id: str) -> None:
    """Let its hints begin at the first one; where that can't be noted, say so."""
    noting = Noting(Progress(lab_home(), SystemClock()))
    noting.begin_exercise(exercise_id)
    if noting.problem:
        click.echo(f"labkit: its hints go on: {noting.problem}", err=True)
