"""The course lint: prove that each exercise grades as its author says.

For an exercise, on a real engine, each attempt from a clean start (``trials``):

    untouched    the set-up alone has no points
    solution     full marks
    also         full marks, each
    wrong        refused, each, by the check that it names, for that check's own reason

and around them: files are named by their id, ids and owned names are unique,
placeholders have values, a hint for one field is given to an attempt, and in the end
nothing of the exercise is left.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.base.errors import LabError
from labkit.base.home import content_folder
from labkit.grading.load import (
    find_exercises,
    load_exercise,
    load_source,
    recipes_of,
)
from labkit.grading.model import Attempt, Exercise, Grade, Outcome
from labkit.grading.skeleton import left_to_fill_in
from labkit.grading.trials import Kind, Played, Trial, play_exercises

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
    prefixes: dict[str, str] = {}
    for path in find_exercises(chapter):
        try:
            exercise = load_exercise(path, seed)
        except LabError as error:
            yield Proof(path.stem, "the file is in order", error.message)
            continue
        yield Proof(path.stem, "the file is in order", _file_problem(path, exercise))
        recipes = recipes_of(load_source(path))
        problem = _name_problem(exercise, names)
        problem = problem or prefix_problem(exercise.id, recipes, prefixes)
        yield Proof(path.stem, "its names are its own", problem)


def lint_strays() -> Iterator[Proof]:
    """Say which files beside the exercises nobody reads."""
    root = content_folder("exercises")
    read = {*find_exercises(), root / SCHEMA}
    stray = sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path not in read and (path.is_file() or not _is_chapter(path))
    )
    problem = f"read by nobody: {', '.join(stray)}" if stray else None
    yield Proof("exercises", "no file is unused", problem)


SCHEMA = "schema.json"


def _is_chapter(path: Path) -> bool:
    return re.fullmatch(r"chapter\d\d", path.name) is not None


def lint_unfinished(paths: Iterable[Path]) -> Iterator[Proof]:
    """Say of files what their authors have still to fill in."""
    for path in paths:
        left = "; ".join(left_to_fill_in(path.read_text("utf-8", "replace")))
        if left:
            yield Proof(path.stem, "nothing is left to fill in", left)


def lint_exercises(
    docker_host: str, exercises: Iterable[Exercise], jobs: int = 1
) -> Iterator[Proof]:
    """Prove on an engine all that authors claim, several exercises side by side."""
    for played in play_exercises(docker_host, exercises, jobs):
        yield from prove_played(played)


def prove_played(played: Played) -> Iterator[Proof]:
    """Prove from what was seen all that the author claims of one exercise."""
    subject = played.exercise.id
    for trial in played.trials:
        yield Proof(subject, _claim(trial), trial.problem or _problem(played, trial))
    if fields := _fields_with_hints(played.exercise):
        yield Proof(subject, "each hint is given", _unused_hint(played, fields))
    names = ", ".join(played.left)
    yield Proof(subject, "reset removes all", f"left: {names}" if names else None)


def _claim(trial: Trial) -> str:
    match trial.kind:
        case Kind.UNTOUCHED:
            return "untouched: no points"
        case Kind.RIGHT:
            return f"full marks: {trial.attempt.title}"
        case Kind.WRONG:
            return f"refused by '{trial.attempt.caught_by}': {trial.attempt.title}"


def _problem(played: Played, trial: Trial) -> str | None:
    grade = played.grade(trial)
    match trial.kind:
        case Kind.UNTOUCHED:
            return prove_untouched(grade)
        case Kind.RIGHT:
            return prove_full(grade)
        case Kind.WRONG:
            return prove_caught(grade, trial.attempt)


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


def prove_full(grade: Grade) -> str | None:
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
    if attempt.caught_by and refuses(grade, attempt.caught_by):
        return None
    failed = [
        verdict.check for verdict in grade.verdicts if verdict.outcome is Outcome.FAILED
    ]
    return f"caught by {', '.join(failed)}" if failed else "accepted"


def refuses(grade: Grade, check: str) -> bool:
    """Say whether a check has a reason of its own: not that it needs another one."""
    return any(
        finding.field != "needs"
        for verdict in grade.verdicts
        if verdict.check == check
        for finding in verdict.findings
    )


def _fields_with_hints(exercise: Exercise) -> list[str]:
    # Those of a whole check are given to the wrong attempts that it must catch.
    names = [ladder.when or "" for ladder in exercise.hints]
    return [name for name in names if "." in name]


def _unused_hint(played: Played, fields: Iterable[str]) -> str | None:
    """Say which field with hints no attempt fails by: maybe no check has it."""
    failed = {
        f"{verdict.check}.{finding.field}"
        for trial in played.trials
        for verdict in played.grade(trial).verdicts
        for finding in verdict.findings
    }
    unused = next((field for field in fields if field not in failed), None)
    return f"no attempt fails by {unused!r}" if unused else None


def unnamed_checks(exercise: Exercise) -> list[str]:
    """Return the checks that no wrong attempt says to be caught by."""
    caught = {attempt.caught_by for attempt in exercise.wrong}
    return [check.id for check in exercise.checks if check.id not in caught]


def _file_problem(path: Path, exercise: Exercise) -> str | None:
    if path.stem != exercise.id:
        return f"the file is named {path.name}, the exercise {exercise.id}"
    if path.parent.name != exercise.chapter:
        return f"it lies in {path.parent.name} and belongs to {exercise.chapter}"
    known = {*exercise.values, *exercise.live}
    for name in _PLACEHOLDER.findall(exercise.debrief):
        if name not in known:
            return f"the debrief uses ${{{name}}}, which has no value"
    for check in unnamed_checks(exercise):
        return f"no wrong attempt is caught by {check!r}"
    text = path.read_text("utf-8")
    return _unused_value(exercise, text) or _unused_starter(exercise, text)


def _unused_value(exercise: Exercise, text: str) -> str | None:
    for name in exercise.values:
        if not re.search(rf"\$(\{{{name}\}}|{name}\b)", text):
            return f"the value {name!r} is used nowhere"
    return None


def _unused_starter(exercise: Exercise, text: str) -> str | None:
    """Return which starter file nothing in the exercise's text speaks of again."""
    for name in exercise.starter:
        own = text.count(Path(name).name) - 1
        if name not in _FOUND_BY_THEMSELVES and own < 1:
            return f"the starter file {name!r} is used nowhere"
    return None


_FOUND_BY_THEMSELVES = frozenset({"Dockerfile", ".dockerignore", "compose.yaml"})


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


def prefix_problem(
    exercise_id: str,
    recipes: Mapping[str, Mapping[str, Any]],
    prefixes: dict[str, str],
) -> str | None:
    """Say which prefix of names is another exercise's: one learner in sixty would have
    the same name in both.

    Args:
        prefixes: Whose each one is; those that are new are added.
    """
    for recipe in recipes.values():
        prefix = recipe.get("name")
        if prefix and prefixes.setdefault(prefix, exercise_id) != exercise_id:
            return f"names of {prefixes[prefix]} begin with {prefix!r}, too"
    return None
