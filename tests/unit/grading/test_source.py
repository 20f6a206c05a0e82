from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.grading.source import parse_source, suggest

PATH = Path("c05-e1.yaml")
TEXT = """\
id: c05-e1
checks:
  - id: net
    network: {name: a}
  - id: web
    points: 2
note: |
  two
  lines
on: true
"""


def test_remembers_the_line_of_each_place():
    source = parse_source(PATH, TEXT)
    assert source.line(("id",)) == 1
    assert source.line(("checks", 0, "network", "name")) == 4
    assert source.line(("checks", 1, "points")) == 6
    assert source.line(("checks", 1, "nothing", "below")) == 5
    assert source.line(("nowhere",)) == 1


def test_reads_values_as_yaml_does():
    tree = parse_source(PATH, TEXT).tree
    assert tree["checks"][1]["points"] == 2
    assert tree["note"] == "two\nlines\n"
    assert tree["on"] is True


def test_an_error_has_file_line_and_place():
    error = parse_source(PATH, TEXT).error(("checks", 1, "points"), "too few")
    assert str(error) == "c05-e1.yaml:6: checks.1.points: too few"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", r"c05-e1.yaml:2: .*expected ',' or '\]'"),
        ("a: 1\nb: 2\na: 3\n", "c05-e1.yaml:3: key 'a' is there twice"),
        ("", "c05-e1.yaml:1: the file is empty"),
        ("? [a]\n: 1\n", "c05-e1.yaml:1: a key must be a text"),
        ("a: \x07", "c05-e1.yaml:1: "),
        ("a: 1\nb: 2026-13-45", "c05-e1.yaml:2: '2026-13-45': month must be in"),
        ("a: !!python/name:os.x y", "c05-e1.yaml:1: could not determine a constr"),
        ("a: &x [*x]", "c05-e1.yaml:1: an alias stands within"),
    ],
)
def test_says_on_which_line_yaml_is_wrong(text, message):
    with pytest.raises(InvalidInputError, match=message):
        parse_source(PATH, text)


def test_suggests_near_misses_only():
    assert (
        suggest("contaner", ["container", "network"]) == " (did you mean 'container'?)"
    )
    assert suggest("zebra", ["container", "network"]) == ""
