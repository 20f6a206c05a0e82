"""Where a learner stands in each chapter: what the command and the notebook show."""

from collections.abc import Iterable
from dataclasses import dataclass

from labkit.course.model import Chapter
from labkit.course.progress import Progress


@dataclass(frozen=True, slots=True)
class Standing:
    """One chapter: steps that worked, exercises with all points, points in all."""

    chapter: str
    title: str
    steps: int
    steps_done: int
    exercises: int
    exercises_solved: int
    points: float


def read_standings(
    chapters: Iterable[Chapter], record: Progress
) -> tuple[Standing, ...]:
    """Count each chapter's steps and exercises in the learner's record."""
    return tuple(_standing(chapter, record) for chapter in chapters)


def _standing(chapter: Chapter, record: Progress) -> Standing:
    done = record.steps_done(chapter.name) & {step.id for step in chapter.steps}
    results = record.results()
    mine = [results[place.id] for place in chapter.exercises if place.id in results]
    return Standing(
        chapter=chapter.name,
        title=chapter.title,
        steps=len(chapter.steps),
        steps_done=len(done),
        exercises=len(chapter.exercises),
        exercises_solved=sum(result.points == result.of for result in mine),
        points=sum(result.points for result in mine),
    )
