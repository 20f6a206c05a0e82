"""Grade again whenever the engine says that something has changed."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from labkit.base.errors import UnavailableError
from labkit.grading.grade import grade_exercises
from labkit.grading.model import Exercise, Grade, Outcome
from labkit.grading.observe.changes import Changes
from labkit.grading.observe.client import connect

TYPES = ("container", "network", "volume", "image")
_HEARTBEAT_SECONDS = 5.0
"""How long an engine may be silent until it is asked whether it is there at all: one
that hangs sends no event. Nothing is graded for that."""
_GRADE_SECONDS = 7.0
"""With the question whether the engine is there: ten seconds from its death to ours."""


def watch_exercises(
    docker_host: str, exercises: Sequence[Exercise]
) -> Iterator[tuple[Grade, ...]]:
    """Yield grades now, and after every change, for as long as there is an engine.

    Raises:
        UnavailableError: the engine is gone, or hangs.
    """
    with closing(Changes(docker_host, TYPES)) as changes:
        try:
            changes.start()
            yield from _grades(docker_host, exercises, changes)
        except UnavailableError as error:
            raise UnavailableError(f"could not check: {error.message}") from error


def _grades(
    docker_host: str, exercises: Sequence[Exercise], changes: Changes
) -> Iterator[tuple[Grade, ...]]:
    while True:
        if not changes.wait(_HEARTBEAT_SECONDS):
            connect(docker_host).close()
            continue
        grades = grade_exercises(docker_host, exercises, _GRADE_SECONDS)
        yield grades
        if any(grade.outcome is Outcome.COULD_NOT_CHECK for grade in grades):
            connect(docker_host).close()  # is it one check, or the whole engine?
