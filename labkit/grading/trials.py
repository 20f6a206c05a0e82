"""Play what an author wrote: each attempt on an engine, once, and what was seen then.

For an exercise, one after the other and each from a clean start (several exercises go
side by side):

    untouched    the set-up alone
    right        the solution, and each of ``also``
    wrong        each of ``wrong``

An attempt has a folder of its own for the starter files, and one for what ``docker``
keeps (logins): it must neither find what the attempt before it wrote, nor one that goes
on beside it, nor touch the author's own.

Playing is slow and asks an engine; whatever is claimed of the attempts (``lint``,
``mutations``) is judged from these records, purely, as often as one likes.
"""

import enum
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from labkit.base.environment import ensure_docker_config
from labkit.base.errors import LabError
from labkit.grading.grade import observe_exercises
from labkit.grading.judge import judge
from labkit.grading.model import Attempt, Exercise, Grade
from labkit.grading.practice import begin, reset_exercise
from labkit.grading.probes import Observation
from labkit.grading.scripts import run_script

SOLUTION = "the solution"


class Kind(enum.Enum):
    """What an attempt is meant to come to."""

    UNTOUCHED = "untouched"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt that was played: what was seen after it, or why it did not run."""

    kind: Kind
    attempt: Attempt
    seen: Observation
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """An exercise whose attempts were all played, and what reset left of it."""

    exercise: Exercise
    trials: tuple[Trial, ...]
    left: tuple[str, ...] = ()

    def grade(self, trial: Trial) -> Grade:
        """Judge what was seen after an attempt."""
        return judge(self.exercise, trial.seen)


def play_exercises(
    docker_host: str, exercises: Iterable[Exercise], jobs: int = 1
) -> Iterator[Played]:
    """Play several exercises side by side: none owns what another one does."""

    def play(exercise: Exercise) -> Played:
        return play_exercise(docker_host, exercise)

    with ThreadPoolExecutor(jobs) as workers:
        yield from workers.map(play, exercises)


def play_exercise(docker_host: str, exercise: Exercise) -> Played:
    """Play all attempts of an exercise, and take away what they made."""
    try:
        trials = tuple(
            _play(docker_host, exercise, kind, attempt)
            for kind, attempt in attempts_of(exercise)
        )
    finally:
        reset_exercise(docker_host, exercise)
    left = reset_exercise(docker_host, exercise)
    return Played(exercise, trials, tuple(removed.name for removed in left))


def attempts_of(exercise: Exercise) -> Iterator[tuple[Kind, Attempt]]:
    """Yield all that is to be played, in order."""
    yield Kind.UNTOUCHED, Attempt("untouched", "")
    yield Kind.RIGHT, Attempt(SOLUTION, exercise.solution)
    for attempt in exercise.also:
        yield Kind.RIGHT, attempt
    for attempt in exercise.wrong:
        yield Kind.WRONG, attempt


def _play(docker_host: str, exercise: Exercise, kind: Kind, attempt: Attempt) -> Trial:
    # What a container wrote there belongs to root: not every author may remove it.
    with tempfile.TemporaryDirectory(
        prefix="labkit-", ignore_cleanup_errors=True
    ) as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # as a learner's own: a container's user may look into it
        problem = _do(docker_host, exercise, attempt, folder)
        if problem is not None:
            return Trial(kind, attempt, Observation(), problem)
        return Trial(kind, attempt, observe_exercises(docker_host, [exercise]))


def _do(
    docker_host: str, exercise: Exercise, attempt: Attempt, scratch: Path
) -> str | None:
    """Set an exercise up and run an attempt at it; return why that did not work.

    It runs in the folder that the caller keeps: what is mounted of it must still be
    there when the attempt is looked at.
    """
    try:
        begin(docker_host, exercise, scratch)
    except LabError as error:
        return error.message
    if not attempt.script:
        return None
    with tempfile.TemporaryDirectory(prefix="labkit-") as home:
        own = {"DOCKER_CONFIG": str(ensure_docker_config(Path(home)))}
        values = {**exercise.values, **own}
        result = run_script(attempt.script, docker_host, values, scratch)
    return None if result.succeeded else f"its script failed: {result.problem}"
