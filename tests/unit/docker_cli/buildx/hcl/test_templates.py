"""Texts with expressions in them."""

from typing import Any

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.expressions import parse_expression
from labkit.docker_cli.buildx.hcl.templates import parse_template
from tests.unit.docker_cli.buildx.hcl.worth import Names, worth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\n\t\"\\\u00e9"', 'a\n\t"\\é'),
        ('"a${v}b${1 + 1}"', "a7b2"),
        ('"${v}"', 7),
        ('"${"in ${v}"}"', "in 7"),
        ('"$${v} %%{v} $ $$ %"', "${v} %{v} $ $$ %"),
        ('"${~ v ~}"', 7),
        ("<<E\na ${v}\n\\n\n\nE\n", "a 7\n\\n\n\n"),
        ("<<-E\n    a\n\n      b\n  E\n", "a\n\n  b\n"),
        ("<<E\nE\n", ""),
    ],
)
def test_reads(text: str, value: Any) -> None:
    assert worth(text, v=7) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"a', "a quoted text doesn't end"),
        ('"a\n"', "a quoted text doesn't end"),
        (r'"\q"', "a quoted text doesn't end"),
        ('"${v"', "'}' is missing"),
        ('"%{ if v }"', "aren't supported here"),
        ("<<E\na\n", "there is no E at the end"),
        ('"x${[1]}"', r"\[1\] is no text"),
    ],
)
def test_refuses(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        worth(text, v=7)


def test_a_text_of_its_own_has_no_backslashes() -> None:
    template = parse_template("f", "a\\n${v}", parse_expression)
    assert Names({"v": "x"}).worth(template) == "a\\nx"
