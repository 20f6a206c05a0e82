"""What a learner waits for: starting, grading, reset, a notebook. Seconds, not ratios.

There is no real dockerd to compare with, so the budgets are plain times on an idle
machine, and the best of a few tries counts.
"""

import functools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbclient

from labkit.base.home import content_folder
from labkit.course.load import book_folder, load_book
from labkit.course.notebook import read_notebook
from labkit.grading.load import find_exercise
from labkit.grading.practice import reset_exercise, solve
from tests.bench.works import timed
from tests.course.learner import learner_environment, run_labkit
from tests.engines import OurEngine, put_images

TRIES = 5
ALL_PASSED, NOT_ALL = 0, 1


@dataclass(frozen=True)
class Wait:
    """One thing that a learner waits for; ``budget`` and ``seconds`` in seconds."""

    name: str
    seconds: float
    budget: float


def measure_lab(ours: OurEngine, quick: bool = False) -> list[dict[str, Any]]:
    """Measure all; what takes minutes to prepare only if there is time."""
    with tempfile.TemporaryDirectory(prefix="lk-bench-") as folder:
        home = Path(folder)
        waits = [*_starts(ours, home)]
        if not quick:
            put_images(ours)
            waits += [*_grades(ours, home), _notebooks(ours, home)]
    return [asdict(wait) for wait in waits]


def find_late(rows: list[dict[str, Any]]) -> list[str]:
    """Return the names of what is over its budget."""
    return [row["name"] for row in rows if row["seconds"] > row["budget"]]


def best_of(tries: int, action: Callable[[], object]) -> float:
    return round(min(timed(action) for _ in range(tries)), 3)


def _starts(ours: OurEngine, home: Path) -> Iterator[Wait]:
    def run(*words: str) -> float:
        return best_of(TRIES, lambda: run_labkit(*words, host=ours.host, home=home))

    yield Wait("labkit --version", run("--version"), 0.15)
    yield Wait("labkit --help", run("--help"), 0.15)


def _grades(ours: OurEngine, home: Path) -> Iterator[Wait]:
    """Grade a solved chapter, then all of them; put an exercise back."""

    def check(*words: str, expected: int, tries: int = TRIES) -> float:
        return best_of(
            tries,
            lambda: run_labkit(
                "check", *words, expected=expected, host=ours.host, home=home
            ),
        )

    run_labkit("solve", "chapter05", host=ours.host, home=home)
    yield Wait("check chapter05, solved", check("5", expected=ALL_PASSED), 2.0)
    for chapter in load_book(book_folder()):
        run_labkit("solve", chapter.name, host=ours.host, home=home)
    yield Wait("check --all, solved", check("--all", expected=0, tries=2), 15.0)
    yield Wait("reset of an exercise", _reset(ours), 0.5)
    run_labkit("reset", host=ours.host, home=home)


def _reset(ours: OurEngine) -> float:
    """Time it without the start of the command, as the notebook's button does it."""
    exercise = find_exercise("c05-e2", "bench")

    def once() -> float:
        solve(ours.host, exercise)
        return timed(lambda: reset_exercise(ours.host, exercise))

    return round(min(once() for _ in range(TRIES)), 3)


def _notebooks(ours: OurEngine, home: Path) -> Wait:
    """Execute every chapter's notebook, each from a clean start and in its own kernel.

    All from here: a learner starts JupyterLab once, too. The next chapter's kernel
    starts while the one before is at work, as it does behind a page that is read.
    """
    environment = learner_environment(ours.host, home)
    chapters = [chapter.name for chapter in load_book(book_folder())]
    clients = [_client(chapter) for chapter in chapters]

    def start(client: nbclient.NotebookClient) -> None:
        client.create_kernel_manager()
        client.start_new_kernel(cwd=str(home), env=environment)

    seconds = timed(lambda: start(clients[0]))
    for place, chapter in enumerate(chapters):
        for following in clients[place + 1 : place + 2]:
            seconds += timed(functools.partial(start, following))
        seconds += timed(clients[place].execute)
        run_labkit("reset", chapter, host=ours.host, home=home)
    return Wait("all notebooks executed", round(seconds, 1), 120.0)


def _client(chapter: str) -> nbclient.NotebookClient:
    """Return what executes a chapter's notebook, every cell of it.

    Nobody waits for a kernel that has nothing more to do, so it isn't waited for here.
    """
    notebook = read_notebook(content_folder("notebooks") / f"{chapter}.ipynb")
    return nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", shutdown_kernel="immediate"
    )
