"""Listings: columns by name, or as ``--format`` asks.

Without ``--format`` no template is needed, and none is imported.
"""

from __future__ import annotations

from labkit.docker_cli.json_text import compact
from labkit.docker_cli.tables import Row, Subject, align

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from labkit.docker_cli.json_text import Json


def render(
    subject: Subject,
    items: Iterable[Json],
    layout: str | Sequence[str],
    truncated: bool = True,
) -> str:
    """Return a listing: columns by name, or as a ``--format`` asks."""
    rows = [Row(subject, item, truncated) for item in items]
    if not isinstance(layout, str):
        return _columns(subject, rows, layout)
    if layout == "json":
        return "".join(compact(row.as_json()) + "\n" for row in rows)
    # Late: templates are a language of their own, and most listings need none.
    from labkit.docker_cli.template.listing import render_template

    return render_template(subject, rows, layout)


def _columns(subject: Subject, rows: list[Row], names: Sequence[str]) -> str:
    lines = ["\t".join(subject.heads[name] for name in names)]
    lines += ["\t".join(str(row.get(name)) for name in names) for row in rows]
    return align("\n".join(lines) + "\n")
