"""From text to nodes: one folder for each corner, and whatever text there may be."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.dockerfile.errors import DockerfileError, Lines
from labkit.dockerfile.node import dump
from labkit.dockerfile.parser import decode, parse_dockerfile
from labkit.dockerfile.stages import read_dockerfile

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    """``LABKIT_UPDATE_GOLDEN=1`` writes the results anew; a person reads the diff."""
    found = dump(parse_dockerfile(decode((GOLDEN / case / "Dockerfile").read_bytes())))
    result = GOLDEN / case / "result"
    if os.environ.get("LABKIT_UPDATE_GOLDEN"):
        result.write_text(found)
    assert found == result.read_text()


def test_nodes_have_lines() -> None:
    text = "# c\nFROM a\n\nRUN a \\\n# c\n  b\nRUN cat <<E\nx\nE\nUSER b"
    found = parse_dockerfile(text)
    assert [node.lines for node in found.nodes] == [
        Lines(2, 2),
        Lines(4, 6),
        Lines(7, 9),
        Lines(10, 10),
    ]


def test_comments_belong_to_the_next_instruction() -> None:
    found = parse_dockerfile("# escape=\\\n# a\n#\n# b\n  # c\nFROM x\n# d\nUSER y")
    assert [node.comments for node in found.nodes] == [("b", "c"), ("d",)]


def test_an_empty_line_in_an_instruction_is_a_warning() -> None:
    (warning,) = parse_dockerfile("FROM a\nRUN x \\\n\n  y\n").warnings
    assert (warning.lines, warning.text) == (Lines(2, 4), "RUN x   y")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "on line 1: file with no instructions"),
        ("# only\n\n# comments\n", "on line 3: file with no instructions"),
        ("FROM a\nRUN <<E\nx", "on line 2: unterminated heredoc"),
        ("FROM a\n\nENV x", "on line 3: ENV must have two arguments"),
        ("FROM a\nONBUILD ENV x", "on line 2: ENV must have two arguments"),
        ("# escape=x\nFROM a", "on line 1: invalid escape token 'x'"),
        ("# check=skip=all\n# check=skip=all", "on line 2: only one check parser"),
        ("FROM a\nRUN " + "x" * 65536, "on line 2: dockerfile line greater than max"),
    ],
)
def test_stops_at_what_it_cannot_place(text: str, said: str) -> None:
    with pytest.raises(DockerfileError, match=f"dockerfile parse error {said}"):
        parse_dockerfile(text)


def test_a_chain_of_onbuild_is_not_followed() -> None:
    node = parse_dockerfile("ONBUILD " * 8000 + "RUN x").nodes[0]
    assert node.child is not None
    assert node.child.child is None


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert decode(b"\xef\xbb\xbfFROM a\xff") == "\ufeffFROM a\ufffd"
    assert parse_dockerfile(decode(b"\xef\xbb\xbfFROM a")).nodes[0].keyword == "FROM"


KEYWORDS = (
    "FROM",
    "RUN",
    "COPY",
    "ENV",
    "ARG",
    "ONBUILD",
    "HEALTHCHECK",
    "SHELL",
    "CMD",
)
MARKS = (
    "#",
    "escape=`",
    "syntax",
    "check",
    "<<E",
    "<<-",
    "E",
    "--mount=",
    "--from=",
    "--x",
)
SIGNS = (
    "$a",
    "${",
    "}",
    "'",
    '"',
    "\\",
    "`",
    "[",
    "]",
    ",",
    "=",
    ":",
    "/",
    "\t",
    "\ufeff",
)
PIECES = st.sampled_from((*KEYWORDS, *MARKS, *SIGNS, "\n", "\n", "\r\n", "a", "0"))


def refused_at(text: str) -> int:
    """Return the line that a text is refused for; 1 if it isn't."""
    try:
        read_dockerfile(text)
    except DockerfileError as error:
        return error.lines.first
    return 1


@given(st.lists(PIECES | st.text(max_size=3), max_size=30), st.sampled_from(["", " "]))
def test_any_text_is_read_or_refused(pieces: list[str], glue: str) -> None:
    for text in (glue.join(pieces), f"FROM a\n{glue.join(pieces)}"):
        assert 1 <= refused_at(text) <= text.count("\n") + 1
