"""``labkit progress``: where the learner stands."""

import json

import click
from rich.console import Console
from rich.table import Table

from labkit.base.clock import SystemClock
from labkit.base.home import lab_home
from labkit.course.load import book_folder, load_book
from labkit.course.model import Chapter
from labkit.course.progress import Progress

FORMAT_VERSION = 1


@click.command("progress")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def progress(as_json: bool) -> None:
    """Show which steps worked, and the best result of each exercise."""
    record = Progress(lab_home(), SystemClock())
    rows = [_row(chapter, record) for chapter in load_book(book_folder())]
    if as_json:
        document = {"version": FORMAT_VERSION, "chapters": rows}
        click.echo(json.dumps(document, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("CHAPTER", "TITLE", "STEPS", "EXERCISES", "POINTS"):
        table.add_column(heading)
    for row in rows:
        table.add_row(
            str(row["chapter"]),
            str(row["title"]),
            f"{row['steps_done']} of {row['steps']}",
            f"{row['exercises_solved']} of {row['exercises']}",
            f"{row['points']:g}",
        )
    Console(highlight=False).print(table)


def _row(chapter: Chapter, record: Progress) -> dict[str, object]:
    done = record.steps_done(chapter.name) & {step.id for step in chapter.steps}
    results = record.results()
    mine = [results[place.id] for place in chapter.exercises if place.id in results]
    return {
        "chapter": chapter.name,
        "title": chapter.title,
        "steps": len(chapter.steps),
        "steps_done": len(done),
        "exercises": len(chapter.exercises),
        "exercises_solved": sum(result.points == result.of for result in mine),
        "points": sum(result.points for result in mine),
    }
