"""``labkit steps``: every step of the course, and which commands it shows."""

import json
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from labkit.course.covers import Coverage, list_coverage, read_commands
from labkit.course.load import book_folder, load_book

FORMAT_VERSION = 1


@click.command("steps")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--coverage", is_flag=True, help="List the guide's commands with their steps."
)
def steps(as_json: bool, coverage: bool) -> None:
    """List every hands-on step: chapter, id, commands, and what it covers.

    With --coverage: each command of the guide and the steps that run it; exit code 1
    if one that must run has none.
    """
    if coverage:
        _print_coverage(as_json)
        return
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


def _print_coverage(as_json: bool) -> None:
    rows = list_coverage(load_book(book_folder()), read_commands())
    missing = sum(row.is_missing for row in rows)
    if as_json:
        document = [
            {
                "chapter": row.command.chapter,
                "id": row.command.id,
                "command": row.command.text,
                "must": row.command.must,
                "steps": list(row.steps),
            }
            for row in rows
        ]
        click.echo(
            json.dumps({"version": FORMAT_VERSION, "commands": document}, indent=2)
        )
    else:
        _print_coverage_table(rows)
    sys.exit(1 if missing else 0)


def _print_coverage_table(rows: Sequence[Coverage]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("COMMAND", "MUST", "STEPS", "TEXT"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        nothing = "missing" if row.is_missing else "-"
        shown = " ".join(row.steps) or nothing
        table.add_row(row.command.id, row.command.must, shown, Text(row.command.text))
    console = Console(highlight=False)
    console.print(table)
    done = sum(bool(row.steps) for row in rows)
    missing = sum(row.is_missing for row in rows)
    console.print(f"{done} of {len(rows)} run, {missing} missing")
