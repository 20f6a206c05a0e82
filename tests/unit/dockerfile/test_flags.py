"""Flags, and what is wrong with some."""

import pytest

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.flags import Kind, parse_flags

ALLOWED = {"from": Kind.TEXT, "mount": Kind.TEXTS, "link": Kind.BOOL}


def test_reads_values_by_kind() -> None:
    flags = parse_flags(["--from=a=b", "--mount=x", "--mount=y", "--link"], ALLOWED)
    assert flags.text("from") == "a=b"
    assert flags.texts("mount") == ("x", "y")
    assert flags.is_set("link")


def test_what_is_not_given_has_a_default() -> None:
    flags = parse_flags([], ALLOWED)
    assert flags.text("from", "none") == "none"
    assert flags.texts("mount") == ()
    assert not flags.is_set("link")
    assert flags.choice("link") is None
    assert parse_flags(["--link=FALSE"], ALLOWED).choice("link") is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--form=a"], r"unknown flag: --form \(did you mean from\?\)"),
        (["--xyz"], "unknown flag: --xyz$"),
        (["--From=a"], r"unknown flag: --From \(did you mean from\?\)"),
        (["--from=a", "--from=b"], "duplicate flag specified: --from"),
        (["--from"], "missing a value on flag: --from"),
        (["--link="], "missing a value on flag: --link"),
        (["--link=yes"], "expecting boolean value for flag --link, not: yes"),
    ],
)
def test_refuses(words: list[str], said: str) -> None:
    with pytest.raises(Fault, match=said):
        parse_flags(words, ALLOWED)
