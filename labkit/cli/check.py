"""``labkit check``: grade exercises."""

import sys
from pathlib import Path

import click
from rich.console import Console

from labkit.base.clock import SystemClock
from labkit.base.home import lab_home
from labkit.cli.choice import choose_exercises
from labkit.cli.engine_process import docker_host
from labkit.cli.names import CHAPTER_OR_EXERCISE, exercise_option
from labkit.course.progress import Progress
from labkit.grading.grade import grade_exercises
from labkit.grading.model import Grade, Outcome, worst
from labkit.grading.report.document import report_json
from labkit.grading.report.junit import report_junit
from labkit.grading.report.table import print_report

_EXIT_CODES = {Outcome.PASSED: 0, Outcome.FAILED: 1, Outcome.COULD_NOT_CHECK: 2}


@click.command()
@click.argument("chapter", type=CHAPTER_OR_EXERCISE, required=False)
@exercise_option("Grade only this one.")
@click.option("--all", "every", is_flag=True, help="Grade every chapter.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, nothing else.")
@click.option(
    "--junit", type=click.Path(path_type=Path), help="Write JUnit XML to a file."
)
def check(
    chapter: str | None,
    exercise_id: str | None,
    every: bool,
    as_json: bool,
    junit: Path | None,
) -> None:
    """Grade exercises, such as `labkit check chapter05`. Changes nothing.

    Exit code 0: all passed; 1: not all; 2: could not grade, which is no zero.
    """
    exercises = choose_exercises(chapter, exercise_id, every)
    grades = grade_exercises(docker_host(), exercises)
    _remember(grades)
    if junit:
        junit.write_text(report_junit(grades), "utf-8")
    if as_json:
        click.echo(report_json(grades), nl=False)
    else:
        print_report(Console(highlight=False), grades)
    sys.exit(_EXIT_CODES[worst(grade.outcome for grade in grades)])


def _remember(grades: tuple[Grade, ...]) -> None:
    """Note the results; an outage is no result."""
    record = Progress(lab_home(), SystemClock())
    for grade in grades:
        if grade.outcome is not Outcome.COULD_NOT_CHECK:
            record.record_exercise(grade.exercise, grade.points, grade.possible)
