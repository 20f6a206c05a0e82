"""The course lint: prove that each exercise grades as its author says.

For an exercise, on a real engine, one after the other and each from a clean start
(several exercises go side by side):

    untouched    the set-up alone has no points
    solution     full marks
    also         full marks, each
    wrong        refused, each, by the check that it names, for that check's own reason

and around them: files are named by their id, ids and owned names are unique,
placeholders have values, and in the end nothing of the exercise is left.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import LabError
from labkit.grading.grade import grade_exercises
from labkit.grading.load import find_exercises, load_exercise
from labkit.grading.model import Attempt, Exercise, Grade, Outcome
from labkit.grading.practice import begin, reset_exercise
from labkit.grading.scripts import run_script

_PLACEHOLDER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was tried, and what was wrong with it, if anything."""

    subject: str
    claim: str
    problem: str | None = None

    @property
    def holds(self) -> bool:
        return self.problem is None


def lint_files(chapter: str | None, seed: str) -> Iterator[Proof]:
    """Prove all that needs no engine."""
    names: dict[str, str] = {}
    for path in find_exercises(chapter):
        try:
            exercise = load_exercise(path, seed)
        except LabError as error:
            yield Proof(path.stem, "the file is in order", error.message)
            continue
        yield Proof(path.stem, "the file is in order", _file_problem(path, exercise))
        yield Proof(path.stem, "its names are its own", _name_problem(exercise, names))


def lint_exercises(
    docker_host: str, exercises: Iterable[Exercise], jobs: int = 1
) -> Iterator[Proof]:
    """Prove several exercises side by side: none owns what another one does."""

    def lint(exercise: Exercise) -> list[Proof]:
        return list(lint_exercise(docker_host, exercise))

    with ThreadPoolExecutor(jobs) as workers:
        for proofs in workers.map(lint, exercises):
            yield from proofs


def lint_exercise(docker_host: str, exercise: Exercise) -> Iterator[Proof]:
    """Prove on an engine all that the author claims of one exercise."""
    try:
        yield _untouched(docker_host, exercise)
        for attempt in (Attempt("the solution", exercise.solution), *exercise.also):
            claim = f"full marks: {attempt.title}"
            yield _try(docker_host, exercise, attempt, claim, prove_full)
        for attempt in exercise.wrong:
            claim = f"refused by '{attempt.caught_by}': {attempt.title}"
            yield _try(docker_host, exercise, attempt, claim, prove_caught)
    finally:
        reset_exercise(docker_host, exercise)
    left = reset_exercise(docker_host, exercise)
    names = ", ".join(removed.name for removed in left)
    yield Proof(exercise.id, "reset removes all", f"left: {names}" if left else None)


def _untouched(docker_host: str, exercise: Exercise) -> Proof:
    claim = "untouched: no points"
    try:
        begin(docker_host, exercise)
    except LabError as error:
        return Proof(exercise.id, claim, error.message)
    (grade,) = grade_exercises(docker_host, [exercise])
    return Proof(exercise.id, claim, prove_untouched(grade))


def _try(
    docker_host: str,
    exercise: Exercise,
    attempt: Attempt,
    claim: str,
    judge: Callable[[Grade, Attempt], str | None],
) -> Proof:
    try:
        folder = begin(docker_host, exercise)
    except LabError as error:
        return Proof(exercise.id, claim, error.message)
    result = run_script(attempt.script, docker_host, exercise.values, folder)
    if not result.succeeded:
        return Proof(exercise.id, claim, f"its script failed: {result.problem}")
    (grade,) = grade_exercises(docker_host, [exercise])
    return Proof(exercise.id, claim, judge(grade, attempt))


def _unchecked(grade: Grade) -> str | None:
    for verdict in grade.verdicts:
        if verdict.outcome is Outcome.COULD_NOT_CHECK:
            return f"'{verdict.check}' could not be checked: {verdict.reason}"
    return None


def prove_untouched(grade: Grade) -> str | None:
    """Return for what there are points although nothing was done."""
    given = [verdict.check for verdict in grade.verdicts if verdict.points]
    if given:
        return f"points for doing nothing, by {', '.join(given)}"
    return _unchecked(grade)


def prove_full(grade: Grade, _: Attempt) -> str | None:
    """Return what stands between an attempt and full marks."""
    for verdict in grade.verdicts:
        if verdict.outcome is Outcome.FAILED:
            finding = verdict.findings[0]
            return (
                f"'{verdict.check}' refused it: {finding.field}: "
                f"expected {finding.expected}, found {finding.found}"
            )
    return _unchecked(grade)


def prove_caught(grade: Grade, attempt: Attempt) -> str | None:
    """Return how an attempt was not refused by the check that it names."""
    if unchecked := _unchecked(grade):
        return unchecked
    for verdict in grade.verdicts:
        if verdict.check == attempt.caught_by:
            own = [item for item in verdict.findings if item.field != "needs"]
            if own:
                return None
    failed = [
        verdict.check for verdict in grade.verdicts if verdict.outcome is Outcome.FAILED
    ]
    return f"caught by {', '.join(failed)}" if failed else "accepted"


def _file_problem(path: Path, exercise: Exercise) -> str | None:
    if path.stem != exercise.id:
        return f"the file is named {path.name}, the exercise {exercise.id}"
    if path.parent.name != exercise.chapter:
        return f"it lies in {path.parent.name} and belongs to {exercise.chapter}"
    known = {*exercise.values, *exercise.live}
    for name in _PLACEHOLDER.findall(exercise.debrief):
        if name not in known:
            return f"the debrief uses ${{{name}}}, which has no value"
    return _unused_value(exercise, path.read_text("utf-8"))


def _unused_value(exercise: Exercise, text: str) -> str | None:
    for name in exercise.values:
        if not re.search(rf"\$(\{{{name}\}}|{name}\b)", text):
            return f"the value {name!r} is used nowhere"
    return None


def _name_problem(exercise: Exercise, names: dict[str, str]) -> str | None:
    owns = exercise.owns
    mine: Sequence[str] = (
        *owns.containers,
        *owns.networks,
        *owns.volumes,
        *owns.images,
    )
    shared = [
        name for name in mine if names.setdefault(name, exercise.id) != exercise.id
    ]
    if shared:
        return f"{shared[0]!r} belongs to {names[shared[0]]} already"
    return None
