"""``labkit lint``: prove the course. Last line: ``N passed, N failed``."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from labkit.base.errors import LabError, NotFoundError
from labkit.cli.engine_process import ensure_engine
from labkit.cli.names import CHAPTER_OR_EXERCISE, exercise_option
from labkit.course.check import Known, check_chapter
from labkit.course.covers import read_commands
from labkit.course.load import book_folder, load_book
from labkit.grading.lint import (
    Proof,
    lint_files,
    lint_strays,
    lint_unfinished,
    prove_played,
)
from labkit.grading.load import find_exercises, load_exercises
from labkit.grading.model import Exercise
from labkit.grading.mutations import (
    Mutant,
    mutate_checks,
    prove_score,
    report_mutants,
)
from labkit.grading.names import chapter_of, is_exercise
from labkit.grading.trials import play_exercises

_SEED = "lint"


@click.command()
@click.argument("chapter", type=CHAPTER_OR_EXERCISE, required=False)
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
@click.option("--mutations", is_flag=True, help="Spoil each check: is it missed?")
@click.option("--seed", default=_SEED, show_default=True, help="Whose values.")
@click.option("--verbose", "-v", is_flag=True, help="Show what holds, too.")
def lint(
    chapter: str | None, exercise_id: str | None, *, verbose: bool, **options: Any
) -> None:
    """Prove each exercise's solution, other routes and wrong attempts; all links."""
    if chapter and is_exercise(chapter) and not exercise_id:
        chapter, exercise_id = chapter_of(chapter), chapter
    todo = _Todo(chapter, exercise_id, **options)
    counts = {True: 0, False: 0}
    for proof in _proofs(todo):
        counts[proof.holds] += 1
        if not proof.holds:
            click.echo(f"FAILED {proof.subject}: {proof.claim}: {proof.problem}")
        elif verbose:
            click.echo(f"passed {proof.subject}: {proof.claim}")
    click.echo(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(1 if counts[False] else 0)


@dataclass(frozen=True, slots=True)
class _Todo:
    """What is to be proved: the command's options, by their names."""

    chapter: str | None
    exercise_id: str | None
    files_only: bool
    jobs: int
    mutations: bool
    seed: str


def _proofs(todo: _Todo) -> Iterator[Proof]:
    _refuse_unknown(todo)
    broken = False
    for proof in lint_files(todo.chapter, todo.seed):
        broken = broken or not proof.holds
        yield proof
    yield from lint_strays()
    yield from lint_unfinished(find_exercises(todo.chapter))
    yield from _chapter_proofs(todo.chapter)
    if todo.files_only or broken:
        return  # exercises that can't be loaded can't be proved either
    mutants: list[Mutant] = []
    for played in play_exercises(ensure_engine(), _chosen(todo), todo.jobs):
        yield from prove_played(played)
        if todo.mutations:
            mutants += mutate_checks(played)
    if todo.mutations:
        for line in report_mutants(mutants):
            click.echo(line)
        yield prove_score(mutants)


def _refuse_unknown(todo: _Todo) -> None:
    """Refuse an exercise that is not there: nothing proved looks like a proof."""
    ids = [path.stem for path in find_exercises(todo.chapter)]
    if todo.exercise_id not in (None, *ids):
        place = f" in {todo.chapter}" if todo.chapter else ""
        known = ", ".join(ids) if todo.chapter else f"{ids[0]} to {ids[-1]}"
        raise NotFoundError(
            f"no exercise {todo.exercise_id!r}{place}; there are {known}"
        )


def _chosen(todo: _Todo) -> list[Exercise]:
    return [
        exercise
        for exercise in load_exercises(todo.chapter, todo.seed)
        if todo.exercise_id in (None, exercise.id)
    ]


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
