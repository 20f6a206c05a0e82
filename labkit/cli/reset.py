"""``labkit reset``: remove what a chapter made, and nothing else."""

from pathlib import Path

import click

from labkit.base.home import workspace
from labkit.cli.choice import choose_exercises
from labkit.cli.engine import remove_engine
from labkit.cli.engine_process import ensure_engine, find_place
from labkit.cli.names import CHAPTER_OR_EXERCISE, exercise_option
from labkit.cli.setup import begin_record
from labkit.course.load import book_folder, load_book
from labkit.course.model import Chapter
from labkit.course.workspace import remove_step_folder, step_folder
from labkit.grading.model import Belongings, Exercise
from labkit.grading.names import is_exercise
from labkit.grading.practice import reset_chapter


@click.command()
@click.argument("chapter", type=CHAPTER_OR_EXERCISE, required=False)
@exercise_option("Reset only this one.")
def reset(chapter: str | None, exercise_id: str | None) -> None:
    """Remove what a chapter's steps and exercises made; without a name, all chapters'.

    Containers, networks and volumes of others stay as they are, and so does what
    you have reached.
    """
    exercises = choose_exercises(chapter, exercise_id, not (chapter or exercise_id))
    # `reset c05-e2` names an exercise where a chapter could be.
    one = exercise_id or (chapter and is_exercise(chapter))
    chapters = [] if one else _chapters(chapter)
    names = {item.name for item in chapters} | {item.chapter for item in exercises}
    host = ensure_engine()
    removed = []
    for name in sorted(names):
        mine = [exercise for exercise in exercises if exercise.chapter == name]
        steps = [item.owns for item in chapters if item.name == name]
        removed += _reset_one(host, name, mine, steps, whole=not one)
    for thing in removed:
        click.echo(f"removed {thing}")
    click.echo(f"{len(removed)} removed")


def _reset_one(
    host: str,
    name: str,
    exercises: list[Exercise],
    steps: list[Belongings],
    whole: bool,
) -> list[str]:
    owned = steps[0] if steps else None
    done = reset_chapter(host, name if whole else None, exercises, owned)
    for exercise in exercises:
        begin_record(exercise.id)
    gone = [f"{thing.kind} {thing.name}" for thing in done]
    if whole:
        gone += _remove_own_places(name, owned or Belongings())
    return gone


def _remove_own_places(chapter: str, owned: Belongings) -> list[str]:
    """Remove what lies on the machine itself: engines to play with, steps' files."""
    gone = []
    for data_root in owned.engines:
        place = find_place(str(Path(data_root).expanduser()))
        if place.data_root.exists():
            remove_engine(place)
            gone.append(f"engine {place.data_root}")
    if remove_step_folder(chapter, workspace()):
        gone.append(f"folder {step_folder(chapter, workspace())}")
    return gone


def _chapters(chapter: str | None) -> list[Chapter]:
    book = load_book(book_folder())
    return [item for item in book if chapter in (None, item.name)]
