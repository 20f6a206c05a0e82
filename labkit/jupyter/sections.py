"""An x-ray as HTML: a part that folds for each section. Pure."""

import html
from collections.abc import Iterable

from labkit.course.xray import Section

_CELL = "text-align: left; vertical-align: top; padding: 0.1em 1em 0.1em 0"


def draw_sections(title: str, sections: Iterable[Section]) -> str:
    """Draw all parts, open: the browser's find must find what is in them."""
    parts = "".join(_draw(section) for section in sections)
    return (
        "<div style='color: var(--jp-ui-font-color1, inherit)'>"
        f"<strong>{_text(title)}</strong>{parts}</div>"
    )


def _draw(section: Section) -> str:
    heads = "".join(
        f"<th scope='col' style='{_CELL}'>{_text(name)}</th>"
        for name in section.columns
    )
    head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    rows = "".join(_row(row) for row in section.rows)
    return (
        f"<details open><summary>{_text(section.title)}</summary>"
        f"<table>{head}<tbody>{rows}</tbody></table></details>"
    )


def _row(row: tuple[str, ...]) -> str:
    name, *values = row
    cells = "".join(f"<td style='{_CELL}'>{_text(value)}</td>" for value in values)
    return f"<tr><th scope='row' style='{_CELL}'>{_text(name)}</th>{cells}</tr>"


def _text(value: str) -> str:
    return html.escape(value)
