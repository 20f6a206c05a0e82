"""Where a learner stands."""

from pathlib import Path

from labkit.base.clock import SystemClock
from labkit.course.progress import Progress
from labkit.course.standing import read_standings
from tests.unit.course.build import make_chapter

STEP = "```{step} {name}\ntrue\n```\n\n"


def test_counts_only_what_the_chapter_has_today(tmp_path: Path) -> None:
    chapter = make_chapter(
        STEP.replace("{name}", "one") + STEP.replace("{name}", "two")
    )
    record = Progress(tmp_path, SystemClock())
    record.record_step(chapter.name, "one")
    record.record_step(chapter.name, "a-step-of-an-older-book")
    (standing,) = read_standings([chapter], record)
    assert (standing.steps_done, standing.steps) == (1, 2)
    assert (standing.exercises, standing.points) == (0, 0)
