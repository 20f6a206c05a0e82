"""``labkit lint``: prove the course. Last line: ``N passed, N failed``."""

import sys
from collections.abc import Iterator

import click

from labkit.base.errors import LabError
from labkit.cli.engine_process import ensure_engine
from labkit.cli.names import CHAPTER, exercise_option
from labkit.course.check import Known, check_chapter
from labkit.course.covers import read_commands
from labkit.course.load import book_folder, load_book
from labkit.grading.lint import Proof, lint_exercises, lint_files
from labkit.grading.load import find_exercises, load_exercises

_SEED = "lint"


@click.command()
@click.argument("chapter", type=CHAPTER, required=False)
@exercise_option("Prove only this one.")
@click.option("--files", "files_only", is_flag=True, help="Only what needs no engine.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 16),
    default=4,
    show_default=True,
    help="How many exercises at once.",
)
@click.option("--seed", default=_SEED, show_default=True, help="Whose values.")
@click.option("--verbose", "-v", is_flag=True, help="Show what holds, too.")
def lint(
    chapter: str | None,
    exercise_id: str | None,
    *,
    files_only: bool,
    jobs: int,
    seed: str,
    verbose: bool,
) -> None:
    """Prove each exercise's solution, other routes and wrong attempts; all links."""
    counts = {True: 0, False: 0}
    for proof in _proofs(chapter, exercise_id, 0 if files_only else jobs, seed):
        counts[proof.holds] += 1
        if not proof.holds:
            click.echo(f"FAILED {proof.subject}: {proof.claim}: {proof.problem}")
        elif verbose:
            click.echo(f"passed {proof.subject}: {proof.claim}")
    click.echo(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(1 if counts[False] else 0)


def _proofs(
    chapter: str | None, exercise_id: str | None, jobs: int, seed: str
) -> Iterator[Proof]:
    broken = False
    for proof in lint_files(chapter, seed):
        broken = broken or not proof.holds
        yield proof
    yield from _chapter_proofs(chapter)
    if not jobs or broken:
        return  # exercises that can't be loaded can't be proved either
    host = ensure_engine()
    chosen = [
        exercise
        for exercise in load_exercises(chapter, seed)
        if exercise_id in (None, exercise.id)
    ]
    yield from lint_exercises(host, chosen, jobs)


def _chapter_proofs(chapter: str | None) -> Iterator[Proof]:
    """Prove what can be known of the chapters without running a step."""
    ids = frozenset(path.stem for path in find_exercises(chapter))
    try:
        chapters = load_book(book_folder())
        known = Known(read_commands(), ids)
    except LabError as error:
        yield Proof("book", "the chapters can be read", error.message)
        return
    for item in chapters:
        if chapter in (None, item.name):
            problems = [str(problem) for problem in check_chapter(item, known)]
            yield Proof(item.name, "its text is in order", "; ".join(problems) or None)
