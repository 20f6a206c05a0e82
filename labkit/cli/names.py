"""Names of chapters and exercises as arguments: read as people type them, and Tab.

Every verb takes them by these types, so that `3`, `ch3` and `chapter03` are the same
to all of them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from labkit.base.errors import LabError
from labkit.base.home import content_folder
from labkit.grading.names import is_exercise, spell_chapter, spell_exercise

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    _Type = click.ParamType[str]
else:  # older ones of click know no type between brackets
    _Type = click.ParamType


class _Name(_Type):
    """The name of a chapter, of an exercise, or of either."""

    def __init__(self, chapters: bool, exercises: bool) -> None:
        self.name = "chapter" if chapters else "id"
        self._chapters = chapters
        self._exercises = exercises

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        exercise = spell_exercise(value)
        if self._exercises and is_exercise(exercise):
            return exercise
        return spell_chapter(value) if self._chapters else value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        try:
            root = content_folder("exercises")
        except LabError:
            return []  # Tab is no place to complain
        found = []
        if self._chapters:
            found += [path.name for path in root.glob("chapter*")]
        if self._exercises:
            found += [path.stem for path in root.glob("chapter*/*.yaml")]
        names = sorted(name for name in found if name.startswith(incomplete))
        return [CompletionItem(name) for name in names]


CHAPTER = _Name(chapters=True, exercises=False)
EXERCISE = _Name(chapters=False, exercises=True)
CHAPTER_OR_EXERCISE = _Name(chapters=True, exercises=True)


def exercise_option(help_text: str) -> Callable[[F], F]:
    """Return the option that narrows a verb down to one exercise."""
    return click.option(
        "--exercise", "exercise_id", type=EXERCISE, metavar="ID", help=help_text
    )
