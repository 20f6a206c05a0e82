"""``labkit run``: run a chapter's steps, and say of each whether it did its work."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

import click
from rich.console import Console
from rich.text import Text

from labkit.base.clock import SystemClock
from labkit.base.environment import lab_environment
from labkit.base.errors import InvalidInputError
from labkit.base.home import lab_home, workspace
from labkit.cli.engine_process import ensure_engine
from labkit.cli.names import CHAPTER
from labkit.course.engine import is_lab_engine
from labkit.course.execute import Lab, Outcome, Status, find_step, run_steps
from labkit.course.judge import Grader
from labkit.course.load import book_folder, load_book, load_chapter
from labkit.course.model import Chapter
from labkit.course.order import run_single_step
from labkit.course.places import find_places
from labkit.course.progress import Progress
from labkit.course.workspace import ensure_step_folder

FORMAT_VERSION = 1
_SIGNS = {
    Status.OK: ("✔ ok", "green"),
    Status.FAILED: ("✘ failed", "red"),
    Status.SKIPPED: ("– skipped", "cyan"),
    Status.COULD_NOT_CHECK: ("? not checked", "yellow"),
}


@click.command("run")
@click.argument("chapter", type=CHAPTER, required=False)
@click.option("--all", "every", is_flag=True, help="Run every chapter.")
@click.option("--step", "step_id", metavar="ID", help="Run only this step.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, nothing else.")
@click.option("--output", "-o", is_flag=True, help="Show what the commands print.")
def run(
    chapter: str | None, every: bool, step_id: str | None, as_json: bool, output: bool
) -> None:
    """Run a chapter's hands-on steps, such as `labkit run chapter05`.

    Exit code 0: each step did what it should; 1: one did not; 2: the engine did not
    answer, so nobody knows.
    """
    chapters = _choose(chapter, every, step_id)
    lab = open_lab()
    console = Console(highlight=False, stderr=as_json)
    show = sys.stdout.write if output and not as_json else _silent
    outcomes: list[tuple[Chapter, Outcome]] = []
    for each, outcome in run_chapters(chapters, step_id, lab, show):
        outcomes.append((each, outcome))
        if not as_json:
            console.print(_line(outcome), soft_wrap=True)
    if as_json:
        click.echo(json.dumps(_document(outcomes), indent=2))
    else:
        console.print(_summary([outcome for _, outcome in outcomes]))
    sys.exit(exit_code_of([outcome for _, outcome in outcomes]))


def _choose(name: str | None, every: bool, step_id: str | None) -> tuple[Chapter, ...]:
    if every == (name is not None):
        raise InvalidInputError("name a chapter, such as chapter05, or give --all")
    if every and step_id:
        raise InvalidInputError("--step needs a chapter, not --all")
    if name is None:
        return load_book(book_folder())
    return (load_chapter(name, book_folder()),)


def open_lab() -> Lab:
    """Connect with the engine, which is started if need be, for running steps."""
    docker_host = ensure_engine()
    return Lab(
        environment={**os.environ, **lab_environment(docker_host)},
        examine=Grader(docker_host),
        offers=find_places(is_lab_engine(docker_host), os.geteuid()),
    )


def run_chapters(
    chapters: Sequence[Chapter],
    step_id: str | None,
    lab: Lab,
    show: Callable[[str], object],
) -> Iterator[tuple[Chapter, Outcome]]:
    """Run the steps of chapters, and note in the learner's progress which worked."""
    progress = Progress(lab_home(), SystemClock())
    for chapter in chapters:
        here = replace(lab, folder=ensure_step_folder(chapter.name, workspace()))
        done = progress.steps_done(chapter.name)
        for outcome in _run(chapter, step_id, here, done, show):
            if outcome.status is Status.OK:
                progress.record_step(chapter.name, outcome.step.id)
            yield chapter, outcome


def _run(
    chapter: Chapter,
    step_id: str | None,
    lab: Lab,
    done: Set[str],
    show: Callable[[str], object],
) -> Iterator[Outcome]:
    if step_id is None:
        yield from run_steps(chapter.steps, lab, show)
    else:
        step = find_step(chapter, step_id)
        yield run_single_step(chapter, step, lab, done, show)


def _silent(_: str) -> None:
    """Print nothing: the outcome says what matters."""


def _line(outcome: Outcome) -> Text:
    sign, style = _SIGNS[outcome.status]
    line = Text(f"{sign:<14}", style=style)
    line.append(f"{outcome.step.id:<20}{outcome.seconds:>6.1f} s", style="default")
    if outcome.reason:
        line.append(f"  {outcome.reason}", style="default")
    return line


def _summary(outcomes: Sequence[Outcome]) -> str:
    counts = [
        f"{sum(outcome.status is status for outcome in outcomes)} {status.value}"
        for status in Status
        if any(outcome.status is status for outcome in outcomes)
    ]
    seconds = sum(outcome.seconds for outcome in outcomes)
    return f"{len(outcomes)} steps: {', '.join(counts)} in {seconds:.1f} s"


def exit_code_of(outcomes: Sequence[Outcome]) -> int:
    """Return 2 if something could not be checked, 1 if something failed, else 0."""
    seen = {outcome.status for outcome in outcomes}
    if Status.COULD_NOT_CHECK in seen:
        return 2
    return 1 if Status.FAILED in seen else 0


def _document(outcomes: Sequence[tuple[Chapter, Outcome]]) -> dict[str, object]:
    return {
        "version": FORMAT_VERSION,
        "steps": [
            {
                "chapter": chapter.name,
                "id": outcome.step.id,
                "status": outcome.status.value,
                "reason": outcome.reason,
                "seconds": round(outcome.seconds, 3),
                "exit_code": outcome.exit_code,
                "output": outcome.output,
            }
            for chapter, outcome in outcomes
        ],
    }
