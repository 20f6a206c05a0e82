"""``labkit hint``: the next hint, chosen by what is not right yet."""

import click
from rich.console import Console
from rich.markdown import Markdown

from labkit.base.clock import SystemClock
from labkit.base.home import lab_home
from labkit.cli.choice import choose_exercise
from labkit.cli.engine_process import docker_host
from labkit.cli.names import EXERCISE
from labkit.course.noting import Noting
from labkit.course.progress import Progress
from labkit.grading.grade import grade_exercises
from labkit.grading.hints import next_hint
from labkit.grading.model import Outcome


@click.command()
@click.argument("exercise_id", type=EXERCISE, metavar="ID")
def hint(exercise_id: str) -> None:
    """Give the next hint for an exercise: a nudge, a pointer, nearly the answer."""
    exercise = choose_exercise(exercise_id)
    (grade,) = grade_exercises(docker_host(), [exercise])
    if grade.outcome is Outcome.PASSED:
        click.echo(f"{exercise.id} is solved: nothing left to hint at")
        return
    if grade.outcome is Outcome.COULD_NOT_CHECK:
        (reason, *_) = (item.reason for item in grade.verdicts if item.reason)
        click.echo(f"could not check, so this hint is a guess: {reason}", err=True)
    noting = Noting(Progress(lab_home(), SystemClock()))
    given = next_hint(exercise, grade, noting)
    if noting.problem:
        click.echo(f"labkit: this hint is not noted: {noting.problem}", err=True)
    console = Console(highlight=False)
    console.print(f"[bold]{exercise.id}[/bold] hint {given.tier} of {given.tiers}")
    console.print(Markdown(given.text))
    if given.tier == given.tiers:
        console.print("[dim]that is all there is; `labkit solve` shows the rest[/dim]")
