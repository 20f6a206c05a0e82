"""``labkit steps``: every step of the course, and which commands it shows."""

import json

import click
from rich.console import Console
from rich.table import Table

from labkit.course.load import book_folder, load_book

FORMAT_VERSION = 1


@click.command("steps")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def steps(as_json: bool) -> None:
    """List every hands-on step: chapter, id, commands, and what it covers."""
    rows = [
        (chapter.name, step)
        for chapter in load_book(book_folder())
        for step in chapter.steps
    ]
    if as_json:
        document = [
            {
                "chapter": chapter,
                "id": step.id,
                "commands": step.script,
                "covers": list(step.covers),
                "needs": list(step.needs),
            }
            for chapter, step in rows
        ]
        click.echo(json.dumps({"version": FORMAT_VERSION, "steps": document}, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("CHAPTER", "STEP", "COVERS", "COMMANDS"):
        table.add_column(heading, overflow="fold")
    for chapter, step in rows:
        table.add_row(chapter, step.id, " ".join(step.covers), step.script)
    Console(highlight=False).print(table)
