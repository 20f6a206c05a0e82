"""One line of comma-separated values, quotes as Go's ``encoding/csv`` reads them."""

from __future__ import annotations


def split_csv(line: str) -> list[str]:
    """Return the fields of a line.

    Raises:
        ValueError: a quote is in the wrong place.
    """
    fields = []
    position = 0
    while True:
        if line.startswith('"', position):
            field, position = _quoted(line, position + 1)
        else:
            end = line.find(",", position)
            field = line[position:] if end < 0 else line[position:end]
            if '"' in field:
                column = position + field.index('"') + 1
                raise ValueError(
                    f'parse error on line 1, column {column}: bare " in '
                    "non-quoted-field"
                )
            position += len(field)
        fields.append(field)
        if position >= len(line):
            return fields
        position += 1


def _quoted(line: str, position: int) -> tuple[str, int]:
    field = ""
    while True:
        end = line.find('"', position)
        if end < 0:
            raise ValueError(
                f"parse error on line 1, column {len(line) + 1}: extraneous or missing "
                '" in quoted-field'
            )
        field += line[position:end]
        if line.startswith('""', end):
            field += '"'
            position = end + 2
            continue
        if end + 1 < len(line) and line[end + 1] != ",":
            raise ValueError(
                f'parse error on line 1, column {end + 1}: extraneous or missing " in '
                "quoted-field"
            )
        return field, end + 1
