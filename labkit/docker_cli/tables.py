"""What listings are made of: subjects, rows, and columns.

A ``Subject`` says what a row can tell (``.ID``, ``.Names``): its fields, the heads of
their columns, and the name of Docker's type, which stands in error messages.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from labkit.docker_cli.json_text import Json

    Field = Callable[[Any, bool], object]

_LEAST_WIDTH = 10
_PADDING = 3


class Subject:
    """What the rows of one kind of listing can tell."""

    __slots__ = ("fields", "heads", "methods", "type_name")

    def __init__(
        self,
        type_name: str,
        fields: Mapping[str, tuple[str, Field]],
        methods: Mapping[str, Callable[[Any, str], object]] | None = None,
    ) -> None:
        self.type_name = type_name
        self.heads = {name: head for name, (head, _) in fields.items()}
        self.fields = {name: field for name, (_, field) in fields.items()}
        self.methods = dict(methods or {})


class Row:
    """One thing as a template sees it: ``.Name`` asks the subject's field."""

    __slots__ = ("_item", "_truncated", "subject", "used")

    def __init__(self, subject: Subject, item: Json, truncated: bool) -> None:
        self.subject = subject
        self._item = item
        self._truncated = truncated
        self.used: set[str] = set()

    def has(self, name: str) -> bool:
        return name in self.subject.fields or name in self.subject.methods

    def get(self, name: str) -> object:
        self.used.add(name)
        return self.subject.fields[name](self._item, self._truncated)

    def call(self, name: str, argument: str) -> object:
        return self.subject.methods[name](self._item, argument)

    def as_json(self) -> dict[str, object]:
        return {name: self.get(name) for name in sorted(self.subject.fields)}


class Heads:
    """The heads of the columns, as a template sees them in place of a row."""

    __slots__ = ("subject",)

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def get(self, name: str) -> str:
        return self.subject.heads.get(name, "<no value>")

    def call(self, name: str, argument: str) -> str:
        last = argument.rpartition(".")[2]
        return last.replace("-", " ").replace("_", " ")


def align(text: str, least: int = _LEAST_WIDTH, padding: int = _PADDING) -> str:
    """Return text with its tabs widened to columns, as Go's ``tabwriter`` does.

    A cell ends with a tab; a column is a run of lines that all have a cell there.
    """
    lines = [line.split("\t") for line in text.split("\n")]
    widths = [[0] * (len(line) - 1) for line in lines]
    depth = max((len(line) - 1 for line in lines), default=0)
    for column in range(depth):
        start = 0
        while start < len(lines):
            end = start
            while end < len(lines) and len(lines[end]) - 1 > column:
                end += 1
            if end > start:
                cells = [len(line[column]) for line in lines[start:end]]
                width = max(max(cells) + padding, least)
                for row in range(start, end):
                    widths[row][column] = width
            start = end + 1
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(line, wide, strict=False))
        + line[-1]
        for line, wide in zip(lines, widths, strict=True)
    )
