"""What can be done with an exercise: set it up, solve it, put it back.

All three are the author's scripts (``scripts``) and reset; the grader takes no part.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.base.home import workspace
from labkit.grading.model import Belongings, Exercise
from labkit.grading.reset import CHAPTER_LABEL, EXERCISE_LABEL, Removed, reset
from labkit.grading.scripts import ScriptResult, run_script


def begin(
    docker_host: str, exercise: Exercise, folder: Path | None = None
) -> Path | None:
    """Put an exercise at its start: nothing of it there but its set-up.

    Args:
        folder: Where its starter files go; the learner's workspace if none is given.

    Returns the folder of its starter files, if it has any.
    """
    reset_exercise(docker_host, exercise)
    folder = write_starter(exercise, folder)
    if exercise.setup:
        _must(_set_up(docker_host, exercise, exercise.setup), "set up")
    return folder


def solve(docker_host: str, exercise: Exercise) -> None:
    """Apply the reference solution, from the start of the exercise."""
    folder = begin(docker_host, exercise)
    result = run_script(exercise.solution, docker_host, exercise.values, folder)
    _must(result, f"solve {exercise.id}")


def reset_exercise(docker_host: str, exercise: Exercise) -> tuple[Removed, ...]:
    """Remove what an exercise made."""
    label = f"{EXERCISE_LABEL}={exercise.id}"
    return reset(docker_host, exercise.owns, [label])


def reset_chapter(
    docker_host: str,
    chapter: str | None,
    exercises: Iterable[Exercise],
    steps: Belongings | None = None,
) -> tuple[Removed, ...]:
    """Remove what exercises made, and what a chapter's steps own.

    With a chapter, whatever carries its label goes, too.
    """
    owned = steps or Belongings()
    labels = [f"{CHAPTER_LABEL}={chapter}"] if chapter else []
    for exercise in exercises:
        owned |= exercise.owns
        labels.append(f"{EXERCISE_LABEL}={exercise.id}")
    return reset(docker_host, owned, labels)


def write_starter(exercise: Exercise, folder: Path | None = None) -> Path | None:
    """Write an exercise's starter files, if it has any; never over a file.

    They go to the learner's workspace unless a folder is given.
    """
    if not exercise.starter:
        return None
    place = folder or workspace() / exercise.chapter / exercise.id
    _write_files(exercise, place)
    return place


def _set_up(docker_host: str, exercise: Exercise, script: str) -> ScriptResult:
    """Run the set-up beside the starter files as their author wrote them.

    Not in the learner's folder: what was changed there may be half a solution, and
    what a set-up writes is none of the learner's.
    """
    with tempfile.TemporaryDirectory(prefix="labkit-") as scratch:
        folder = Path(scratch)
        _write_files(exercise, folder)
        return run_script(script, docker_host, exercise.values, folder)


def _write_files(exercise: Exercise, folder: Path) -> None:
    for name, content in exercise.starter.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")


def _must(result: ScriptResult, what: str) -> None:
    if not result.succeeded:
        raise InternalError(f"cannot {what}: {result.problem}")
