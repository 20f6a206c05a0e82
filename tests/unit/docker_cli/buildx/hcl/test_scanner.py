"""A text and a place in it."""

import re

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.scanner import Scanner


def test_goes_over_blanks_and_comments() -> None:
    scanner = Scanner("f", " # one\n // two\n /* three\n */ x")
    scanner.skip(ends=True)
    assert scanner.place() == "f:4,5"
    assert scanner.takes("x")
    assert scanner.is_over()


def test_an_end_of_line_says_something_unless_a_bracket_is_open() -> None:
    scanner = Scanner("f", "\n a\n b")
    assert not scanner.sees("a")
    scanner.enter(loose=True)
    assert scanner.takes("a")
    scanner.leave()
    assert scanner.match(re.compile("b")) is None
    with pytest.raises(BuildxError, match="f:2,3: 'b' is missing"):
        scanner.expect("b")
