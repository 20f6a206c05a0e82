"""``labkit new``: begin something that an author goes on with."""

from pathlib import Path

import click

from labkit.cli.names import CHAPTER_OR_EXERCISE
from labkit.grading.skeleton import left_to_fill_in, make_exercise_file


@click.group()
def new() -> None:
    """Begin an exercise."""


@new.command()
@click.argument("name", type=CHAPTER_OR_EXERCISE, metavar="ID|CHAPTER")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write it below this folder, not to the course's exercises.",
)
def exercise(name: str, folder: Path | None) -> None:
    """Write an exercise to begin with.

    For example `labkit new exercise c05-e8`. With a chapter in the place of the id it
    gets the next free number. It can be solved, checked and proved at once; `labkit
    lint` says what is left to fill in.
    """
    path = make_exercise_file(name, folder)
    click.echo(f"wrote {path}")
    for item in left_to_fill_in(path.read_text("utf-8")):
        click.echo(f"  to fill in, {item}")
    click.echo(
        f"then give it a place in the book, with `{{exercise}} {path.stem}`, run "
        f"`labkit book sync`, and prove it: `labkit lint {path.stem}`"
    )
