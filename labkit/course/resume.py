"""Where a learner goes on: the chapter of the last step, or the next unfinished one."""

from collections.abc import Sequence

from labkit.course.model import Chapter
from labkit.course.progress import Progress


def resume(chapters: Sequence[Chapter], progress: Progress) -> Chapter:
    """Return the chapter to open; at the end of the book the last one."""
    names = [chapter.name for chapter in chapters]
    last = progress.last_chapter()
    start = names.index(last) if last in names else 0
    for chapter in chapters[start:]:
        if not is_finished(chapter, progress):
            return chapter
    return chapters[-1]


def is_finished(chapter: Chapter, progress: Progress) -> bool:
    """Say whether every step has worked and every exercise is solved."""
    results = progress.results()
    solved = {name for name, result in results.items() if result.points == result.of}
    steps = {step.id for step in chapter.steps}
    places = {place.id for place in chapter.exercises}
    return steps <= progress.steps_done(chapter.name) and places <= solved
