"""Buttons: check an exercise, get a hint, set it up.

They are ordinary buttons, so tab, space and enter work. Without a browser (a notebook
run by nbclient) they are built and shown all the same, and ``click()`` presses them.
"""

from collections.abc import Callable

import ipywidgets

from labkit.base.errors import LabError
from labkit.grading.model import Exercise
from labkit.jupyter.display import (
    Shown,
    show_grade,
    show_hint,
    show_problem,
    show_task,
    show_text,
)
from labkit.jupyter.present import present
from labkit.jupyter.session import Session

_current: list[Session] = []
"""The session of this kernel, for ``check_button`` that a learner calls by hand."""


def set_session(session: Session) -> None:
    """Say which session the buttons of this kernel work on."""
    _current[:] = [session]


def check_button(exercise_id: str) -> ipywidgets.VBox:
    """Return the buttons of an exercise: check, hint and, if it needs it, set-up."""
    if not _current:
        raise RuntimeError("run %load_ext labkit.jupyter first")
    session = _current[0]
    return _buttons(session, session.find_exercise(exercise_id))


def exercise_card(session: Session, exercise_id: str) -> None:
    """Show an exercise: its task, then its buttons."""
    exercise = session.find_exercise(exercise_id)
    present(show_task(exercise))
    present(_buttons(session, exercise))


def _buttons(session: Session, exercise: Exercise) -> ipywidgets.VBox:
    answer = ipywidgets.HTML()

    def check() -> Shown:
        return show_grade(session.check(exercise.id))

    def hint() -> Shown:
        found = session.hint(exercise.id)
        return show_hint(found.text, found.tier, found.tiers)

    def begin() -> Shown:
        folder = session.begin(exercise.id)
        files = f" Its files are in {folder}." if folder else ""
        return show_text(f"{exercise.id} is at its start.{files}")

    row = [
        _button("Check", f"Grade {exercise.id}", check, answer),
        _button("Hint", f"A hint for {exercise.id}", hint, answer),
    ]
    if exercise.setup or exercise.starter:
        title = f"Set {exercise.id} up, or back to its start"
        row.insert(0, _button("Set up", title, begin, answer))
    return ipywidgets.VBox([ipywidgets.HBox(row), answer])


def _button(
    label: str, tooltip: str, act: Callable[[], Shown], answer: ipywidgets.HTML
) -> ipywidgets.Button:
    button = ipywidgets.Button(description=label, tooltip=tooltip)

    def press(_: ipywidgets.Button) -> None:
        button.disabled = True
        answer.value = show_text("One moment …").page
        try:
            answer.value = act().page
        except LabError as error:
            answer.value = show_problem(error.message).page
        finally:
            button.disabled = False

    button.on_click(press)
    return button
