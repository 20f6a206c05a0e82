"""From the grader's results to the learner's record."""

from collections.abc import Iterable

from labkit.course.progress import Progress
from labkit.grading.model import Grade, Outcome


def remember_grades(record: Progress, grades: Iterable[Grade]) -> None:
    """Note each result as an attempt; an outage is none."""
    for grade in grades:
        if grade.outcome is not Outcome.COULD_NOT_CHECK:
            record.record_exercise(grade.exercise, grade.points, grade.possible)
