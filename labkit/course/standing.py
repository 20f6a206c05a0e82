"""Where a learner stands in each chapter: what the command and the notebook show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from labkit.course.model import Chapter
from labkit.course.progress import Progress, Result, Work


@dataclass(frozen=True, slots=True)
class Standing:
    """One chapter: steps that worked, exercises with all points, points in all.

    ``attempts`` and ``hints`` are those of all its exercises together.
    """

    chapter: str
    title: str
    steps: int
    steps_done: int
    exercises: int
    exercises_solved: int
    points: float
    attempts: int = 0
    hints: int = 0


@dataclass(frozen=True, slots=True)
class ExerciseStanding:
    """One exercise: the best result, and what it took. Times are UTC."""

    exercise: str
    points: float
    of: float | None
    attempts: int
    hints: int
    first_tried: str | None
    solved: str | None


def read_standings(
    chapters: Iterable[Chapter], record: Progress
) -> tuple[Standing, ...]:
    """Count each chapter's steps and exercises in the learner's record."""
    return tuple(_standing(chapter, record) for chapter in chapters)


def read_exercises(chapter: Chapter, record: Progress) -> tuple[ExerciseStanding, ...]:
    """Tell of each exercise of a chapter how far it is, and what it took so far."""
    results, work = record.results(), record.work()
    return tuple(
        _exercise(place.id, results.get(place.id), work.get(place.id, Work()))
        for place in chapter.exercises
    )


def _exercise(name: str, result: Result | None, work: Work) -> ExerciseStanding:
    return ExerciseStanding(
        exercise=name,
        points=result.points if result else 0,
        of=result.of if result else None,
        attempts=work.attempts,
        hints=work.hints,
        first_tried=_spell_time(work.first_ns),
        solved=_spell_time(work.solved_ns),
    )


def _spell_time(time_ns: int | None) -> str | None:
    if time_ns is None:
        return None
    moment = datetime.fromtimestamp(time_ns // 1_000_000_000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _standing(chapter: Chapter, record: Progress) -> Standing:
    done = record.steps_done(chapter.name) & {step.id for step in chapter.steps}
    results, work = record.results(), record.work()
    spent = [work[place.id] for place in chapter.exercises if place.id in work]
    mine = [results[place.id] for place in chapter.exercises if place.id in results]
    return Standing(
        chapter=chapter.name,
        title=chapter.title,
        steps=len(chapter.steps),
        steps_done=len(done),
        exercises=len(chapter.exercises),
        exercises_solved=sum(result.points == result.of for result in mine),
        points=sum(result.points for result in mine),
        attempts=sum(item.attempts for item in spent),
        hints=sum(item.hints for item in spent),
    )
