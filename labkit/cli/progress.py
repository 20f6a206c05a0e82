"""``labkit progress``: where the learner stands."""

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from labkit.base.clock import SystemClock
from labkit.base.home import lab_home
from labkit.course.load import book_folder, load_book
from labkit.course.progress import Progress
from labkit.course.standing import read_standings

FORMAT_VERSION = 1


@click.command("progress")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def progress(as_json: bool) -> None:
    """Show which steps worked, and the best result of each exercise."""
    record = Progress(lab_home(), SystemClock())
    standings = read_standings(load_book(book_folder()), record)
    if as_json:
        rows = [asdict(standing) for standing in standings]
        document = {"version": FORMAT_VERSION, "chapters": rows}
        click.echo(json.dumps(document, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("CHAPTER", "TITLE", "STEPS", "EXERCISES", "POINTS"):
        table.add_column(heading)
    for standing in standings:
        table.add_row(
            standing.chapter,
            standing.title,
            f"{standing.steps_done} of {standing.steps}",
            f"{standing.exercises_solved} of {standing.exercises}",
            f"{standing.points:g}",
        )
    Console(highlight=False).print(table)
