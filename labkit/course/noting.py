"""The learner's record where it may not be writable: a full disk, another's folder.

What was asked for, a grade, a hint or a reset, is worth more than the note of it. So
nothing is stopped here; ``problem`` says afterwards what could not be noted, and why.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from labkit.base.errors import LabError, os_reason
from labkit.course.grades import remember_grades
from labkit.course.progress import Progress
from labkit.grading.model import Grade

T = TypeVar("T")


class Noting:
    """A record that is written as far as that can be; good for hints, too."""

    def __init__(self, record: Progress) -> None:
        self._record = record
        self.problem = ""

    def remember(self, grades: Iterable[Grade]) -> None:
        """Note results."""
        self._try(lambda: remember_grades(self._record, grades), None)

    def begin_exercise(self, exercise_id: str) -> None:
        """Note that an exercise begins anew."""
        self._try(lambda: self._record.begin_exercise(exercise_id), None)

    def hints_taken(self, exercise_id: str, ladder: str) -> int:
        """Return how many tiers were given, or none where nobody knows."""
        return self._try(lambda: self._record.hints_taken(exercise_id, ladder), 0)

    def record_hint(self, exercise_id: str, ladder: str, tier: int) -> None:
        """Note that a tier was given."""
        self._try(lambda: self._record.record_hint(exercise_id, ladder, tier), None)

    def _try(self, work: Callable[[], T], otherwise: T) -> T:
        try:
            return work()
        except LabError as error:
            self.problem = error.message
        except OSError as error:
            self.problem = os_reason(error)
        return otherwise
