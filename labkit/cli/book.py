"""``labkit book``: notebooks and pages from the chapters."""

import sys
from pathlib import Path

import click

from labkit.base.environment import programs_folder
from labkit.base.home import content_folder
from labkit.cli.names import CHAPTER
from labkit.cli.run import open_lab, run_chapters
from labkit.course.engine import describe_engine
from labkit.course.load import book_folder, load_book, load_chapter
from labkit.course.model import Chapter
from labkit.course.recording import find_traces, record, save_recording, stale_steps
from labkit.course.site import build_site
from labkit.course.sync import find_drift
from labkit.course.sync import sync as mend
from labkit.course.titles import exercise_titles


@click.group("book")
def book() -> None:
    """Make notebooks and web pages from the book."""


@book.command("sync")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if one differs.")
def sync(check: bool) -> None:
    """Write the notebooks that the chapters give."""
    drifts = find_drift(
        load_book(book_folder()), exercise_titles(), content_folder("notebooks")
    )
    if not check:
        for path in mend(drifts):
            click.echo(f"mended {path.name}")
        return
    found = list(drifts)
    for drift in found:
        click.echo(f"{drift.path.name} {drift.reason}: run `labkit book sync`")
    sys.exit(1 if found else 0)


@book.command("record")
@click.argument("chapters", type=CHAPTER, nargs=-1, required=True)
def record_outputs(chapters: tuple[str, ...]) -> None:
    """Run chapters and keep what their steps print for the book.

    Reset a chapter before: what is there already makes steps print something else.
    Readers see what this machine's host and folders are called: record where those say
    nothing, with labkit in a folder such as /opt/labkit.
    """
    found = [load_chapter(name, book_folder()) for name in chapters]
    worked = [_record(chapter) for chapter in found]
    sys.exit(0 if all(worked) else 1)


def _record(chapter: Chapter) -> bool:
    """Record a chapter; say whether nothing is missing and nothing gives us away."""
    lab = open_lab()
    outcomes = [outcome for _, outcome in run_chapters([chapter], None, lab, len)]
    engine, images = describe_engine(lab.environment["DOCKER_HOST"], chapter)
    recording = record(outcomes, engine, images)
    click.echo(f"wrote {save_recording(chapter, recording)}")
    left = stale_steps(chapter, recording)
    if left:
        click.echo(f"no output of {', '.join(left)}: did these steps fail?", err=True)
    own = (str(content_folder("book").parent), str(programs_folder()))
    named = find_traces(recording, own)
    if named:
        click.echo(f"names folders of this machine: {', '.join(named)}", err=True)
    return not left and not named


@book.command("build")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("site"),
    show_default=True,
    help="Folder to write into.",
)
def build(out: Path) -> None:
    """Write the book as web pages that need neither network nor script."""
    for path in build_site(load_book(book_folder()), exercise_titles(), out):
        click.echo(path)
