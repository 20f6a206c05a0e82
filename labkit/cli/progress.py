"""``labkit progress``: where the learner stands."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from labkit.base.clock import SystemClock
from labkit.base.errors import NotFoundError
from labkit.base.home import lab_home
from labkit.cli.names import CHAPTER
from labkit.course.load import book_folder, load_book
from labkit.course.progress import Progress
from labkit.course.standing import (
    ExerciseStanding,
    Standing,
    read_exercises,
    read_standings,
)

FORMAT_VERSION = 1


@click.command("progress")
@click.argument("chapter", type=CHAPTER, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def progress(chapter: str | None, as_json: bool) -> None:
    """Show which steps worked, and the best result of each exercise.

    With a chapter, each of its exercises: points, attempts, hints used, and when all
    points were reached. Every `labkit check` is an attempt, and with --watch every
    other result.
    """
    record = Progress(lab_home(), SystemClock())
    chapters = load_book(book_folder())
    if chapter is None:
        _show_chapters(read_standings(chapters, record), as_json)
        return
    named = {item.name: item for item in chapters}
    if chapter not in named:
        raise NotFoundError(f"no {chapter!r}; there are: {', '.join(named)}")
    _show_exercises(chapter, read_exercises(named[chapter], record), as_json)


def _show_chapters(standings: Sequence[Standing], as_json: bool) -> None:
    if as_json:
        _print_json({"chapters": [asdict(standing) for standing in standings]})
        return
    rows = (
        (
            standing.chapter,
            standing.title,
            f"{standing.steps_done} of {standing.steps}",
            f"{standing.exercises_solved} of {standing.exercises}",
            f"{standing.points:g}",
            f"{standing.attempts}",
            f"{standing.hints}",
        )
        for standing in standings
    )
    headings = ("CHAPTER", "TITLE", "STEPS", "EXERCISES", "POINTS", "ATTEMPTS", "HINTS")
    _print_table(headings, rows)


def _show_exercises(
    chapter: str, exercises: Sequence[ExerciseStanding], as_json: bool
) -> None:
    if as_json:
        rows = [asdict(exercise) for exercise in exercises]
        _print_json({"chapter": chapter, "exercises": rows})
        return
    table = (
        (
            item.exercise,
            f"{item.points:g} of {item.of:g}" if item.of is not None else "-",
            f"{item.attempts}",
            f"{item.hints}",
            item.first_tried or "-",
            item.solved or "-",
        )
        for item in exercises
    )
    headings = ("EXERCISE", "POINTS", "ATTEMPTS", "HINTS", "FIRST TRIED", "SOLVED")
    _print_table(headings, table)


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps({"version": FORMAT_VERSION, **document}, indent=2))


def _print_table(headings: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
