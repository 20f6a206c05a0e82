from pathlib import Path

from labkit.base.clock import SystemClock
from labkit.course.grades import remember_grades
from labkit.course.progress import Progress, Result
from labkit.grading.model import Grade, Outcome, Verdict


def _grade(exercise: str, outcome: Outcome, points: int) -> Grade:
    return Grade(exercise, "", (Verdict("one", "", outcome, points, 5),))


def test_an_outage_is_no_attempt(tmp_path: Path) -> None:
    record = Progress(tmp_path, SystemClock())
    remember_grades(
        record,
        [
            _grade("c05-e1", Outcome.FAILED, 0),
            _grade("c05-e2", Outcome.COULD_NOT_CHECK, 0),
        ],
    )
    assert record.results() == {"c05-e1": Result(0, 5)}
    assert set(record.work()) == {"c05-e1"}
