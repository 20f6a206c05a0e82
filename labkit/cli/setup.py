"""``labkit setup``: put an exercise at its start."""

import click

from labkit.base.clock import SystemClock
from labkit.base.home import lab_home
from labkit.cli.choice import choose_exercise
from labkit.cli.engine_process import ensure_engine
from labkit.cli.names import EXERCISE
from labkit.course.progress import Progress
from labkit.grading.practice import begin


@click.command()
@click.argument("exercise_id", type=EXERCISE, metavar="ID")
def setup(exercise_id: str) -> None:
    """Put an exercise at its start: what it made is removed, what it needs is made."""
    exercise = choose_exercise(exercise_id)
    folder = begin(ensure_engine(), exercise)
    Progress(lab_home(), SystemClock()).begin_exercise(exercise.id)
    click.echo(f"{exercise.id} is at its start: {exercise.title}")
    if folder:
        click.echo(f"its files are in {folder}")
