from pathlib import Path

from labkit.base.clock import SystemClock
from labkit.course.progress import Progress
from labkit.course.resume import is_finished, resume
from tests.unit.course.build import make_chapter

BODY = "```{step} go\ntrue\n```\n\n```{exercise} c05-e1\n```\n"
FIRST = make_chapter(BODY)
SECOND = make_chapter(BODY.replace("c05", "c06"), Path("06-testing.md"))


def test_begins_at_the_beginning(tmp_path: Path) -> None:
    assert resume((FIRST, SECOND), Progress(tmp_path, SystemClock())) is FIRST


def test_goes_on_where_the_learner_stopped(tmp_path: Path) -> None:
    progress = Progress(tmp_path, SystemClock())
    progress.record_step("chapter06", "go")
    assert resume((FIRST, SECOND), progress) is SECOND


def test_goes_on_to_the_next_chapter_when_one_is_finished(tmp_path: Path) -> None:
    progress = Progress(tmp_path, SystemClock())
    progress.record_step("chapter05", "go")
    progress.record_exercise("c05-e1", 4, 5)
    assert not is_finished(FIRST, progress)
    assert resume((FIRST, SECOND), progress) is FIRST
    progress.record_exercise("c05-e1", 5, 5)
    assert resume((FIRST, SECOND), progress) is SECOND


def test_stays_at_the_last_chapter(tmp_path: Path) -> None:
    progress = Progress(tmp_path, SystemClock())
    progress.record_step("chapter06", "go")
    progress.record_exercise("c06-e1", 5, 5)
    assert resume((FIRST, SECOND), progress) is SECOND
