"""Directives stand at the very top, each once."""

import pytest

from labkit.dockerfile.directives import DirectiveReader
from labkit.dockerfile.errors import Fault


def read(*lines: str) -> tuple[DirectiveReader, list[bool]]:
    reader = DirectiveReader()
    return reader, [reader.take(line, n) for n, line in enumerate(lines, 1)]


def test_reads_names_in_any_case_with_blanks() -> None:
    reader, taken = read("#  Syntax = docker/dockerfile:1 ", "#escape=`", "# x=y")
    assert taken == [True, True, False]
    assert reader.escape == "`"
    assert [(one.name, one.value, one.line) for one in reader.found] == [
        ("syntax", "docker/dockerfile:1", 1),
        ("escape", "`", 2),
    ]


@pytest.mark.parametrize("first", ["", "# hello", "FROM a", "# unknown=1", "#escape="])
def test_anything_else_ends_them(first: str) -> None:
    reader, taken = read(first, "# escape=`")
    assert taken == [False, False]
    assert reader.escape == "\\"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("# escape=`", "# escape=`"), "only one escape parser directive can be used"),
        (("# escape=x",), "invalid escape token 'x' does not match ` or"),
    ],
)
def test_refuses(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(Fault, match=said):
        read(*lines)
