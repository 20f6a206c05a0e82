"""The learner's progress as HTML. Pure."""

import html
from collections.abc import Iterable

from labkit.course.standing import Standing

_CELL = "text-align: left; padding: 0.2em 1em 0.2em 0"


def draw_standings(standings: Iterable[Standing], current: str = "") -> str:
    """Draw a row a chapter, with bars that say in words how long they are."""
    heads = "".join(
        f"<th scope='col' style='{_CELL}'>{title}</th>"
        for title in ("Chapter", "Steps", "Exercises", "Points")
    )
    rows = "".join(_row(standing, current) for standing in standings)
    return (
        "<table style='color: var(--jp-ui-font-color1, inherit)'>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(standing: Standing, current: str) -> str:
    here = " (here)" if standing.chapter == current else ""
    title = html.escape(f"{standing.title}{here}")
    link = f"<a href='{standing.chapter}.ipynb'>{title}</a>"
    cells = (
        _bar(standing.steps_done, standing.steps),
        _bar(standing.exercises_solved, standing.exercises),
        f"{standing.points:g}",
    )
    return (
        f"<tr><th scope='row' style='{_CELL}'>{link}</th>"
        + "".join(f"<td style='{_CELL}'>{cell}</td>" for cell in cells)
        + "</tr>"
    )


def _bar(done: int, of: int) -> str:
    words = f"{done} of {of}"
    bar = f"<progress value='{done}' max='{max(of, 1)}' title='{words}'></progress>"
    return f"{bar} {words}"
