"""``labkit check``: grade exercises."""

import sys
from collections.abc import Sequence

import click

from labkit.base.clock import SystemClock
from labkit.base.home import lab_home
from labkit.cli.choice import choose_exercises
from labkit.cli.engine_process import docker_host
from labkit.cli.names import CHAPTER_OR_EXERCISE, exercise_option
from labkit.cli.reports import Reports, report_options
from labkit.cli.watching import follow
from labkit.course.progress import Progress
from labkit.grading.grade import grade_exercises
from labkit.grading.model import Grade, Outcome, worst
from labkit.grading.watch import watch_exercises

EXIT_CODES = {Outcome.PASSED: 0, Outcome.FAILED: 1, Outcome.COULD_NOT_CHECK: 2}


@click.command()
@click.argument("chapter", type=CHAPTER_OR_EXERCISE, required=False)
@exercise_option("Grade only this one.")
@click.option("--all", "every", is_flag=True, help="Grade every chapter.")
@click.option("--watch", "-w", is_flag=True, help="Grade again after every change.")
@report_options
def check(
    chapter: str | None,
    exercise_id: str | None,
    every: bool,
    watch: bool,
    reports: Reports,
) -> None:
    """Grade exercises, such as `labkit check chapter05`. Changes nothing.

    Exit code 0: all passed; 1: not all; 2: could not grade, which is no zero. With
    --watch it is that of the last grade, after ctrl-c; an engine that goes away ends
    it with 2. What is changed inside a container makes no event: check once more.
    """
    exercises = choose_exercises(chapter, exercise_id, every)
    if watch:
        last = follow(watch_exercises(docker_host(), exercises), reports, _remember)
    else:
        last = grade_exercises(docker_host(), exercises)
        _remember(last)
        reports.save(last)
        reports.show(last)
    sys.exit(EXIT_CODES[worst(grade.outcome for grade in last)])


def _remember(grades: Sequence[Grade]) -> None:
    """Note the results; an outage is no result."""
    record = Progress(lab_home(), SystemClock())
    for grade in grades:
        if grade.outcome is not Outcome.COULD_NOT_CHECK:
            record.record_exercise(grade.exercise, grade.points, grade.possible)
