"""What a ``${...}`` is worth."""

import pytest

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.substitute import (
    Modifier,
    remove_prefix,
    remove_suffix,
    replace,
)


@pytest.mark.parametrize(
    ("sign", "colon", "values"),
    [
        ("-", False, {"v": "v", "": "", None: "w"}),
        ("-", True, {"v": "v", "": "w", None: "w"}),
        ("+", False, {"v": "w", "": "w", None: ""}),
        ("+", True, {"v": "w", "": "", None: ""}),
        ("?", False, {"v": "v", "": ""}),
    ],
)
def test_defaults_and_alternatives(
    sign: str, colon: bool, values: dict[str | None, str]
) -> None:
    for value, expected in values.items():
        assert Modifier("N", sign, colon, "w").apply(value) == expected


@pytest.mark.parametrize(
    ("value", "colon", "word", "said"),
    [
        (None, False, "", "N: is not allowed to be unset"),
        (None, True, "", "N: is not allowed to be unset"),
        ("", True, "", "N: is not allowed to be empty"),
        ("", True, "give it", "N: give it"),
    ],
)
def test_demands_a_value(value: str | None, colon: bool, word: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        Modifier("N", "?", colon, word).apply(value)


@pytest.mark.parametrize(
    ("value", "word", "left"),
    [
        ("foobarbaz", "f*b", "arbaz"),
        ("foobarbaz", "#f*b", "az"),
        ("foobarbaz", "x*", "foobarbaz"),
        ("a.b", ".", "a.b"),
        ("abc", "?", "bc"),
        ("*bc", r"\*", "bc"),
        ("abc", r"\*", "abc"),
        ("a\nb", "#a*", "\nb"),
    ],
)
def test_removes_a_prefix(value: str, word: str, left: str) -> None:
    assert remove_prefix(value, word) == left


@pytest.mark.parametrize(
    ("value", "word", "left"),
    [
        ("foobarbaz", "b*", "foobar"),
        ("foobarbaz", "%b*", "foo"),
        ("1.2.3", ".*", "1.2"),
        ("1.2.3", "%.*", "1"),
        ("abc", r"b\?", "abc"),
        ("ab?", r"b\?", "a"),
        ("abc", "", "abc"),
    ],
)
def test_removes_a_suffix(value: str, word: str, left: str) -> None:
    assert remove_suffix(value, word) == left


@pytest.mark.parametrize(
    ("value", "pattern", "with_", "first", "all_"),
    [
        ("aXbXc", "X", "-", "a-bXc", "a-b-c"),
        ("abc", "*", "x", "x", "x"),
        ("abc", "b*", "", "a", "a"),
        ("a/b/c", r"\/", r"\1", r"a\1b/c", r"a\1b\1c"),
        ("ab", "", "-", "-ab", "-a-b-"),
        ("a.b", ".", "-", "a-b", "a-b"),
    ],
)
def test_replaces(value: str, pattern: str, with_: str, first: str, all_: str) -> None:
    assert replace(value, pattern, with_, everywhere=False) == first
    assert replace(value, pattern, with_, everywhere=True) == all_


def test_refuses_to_escape_a_letter() -> None:
    with pytest.raises(Fault, match=r"invalid pattern \(\\a\) in substitution"):
        replace("x", r"\a", "", everywhere=True)
    with pytest.raises(Fault, match="invalid escape"):
        remove_prefix("x", "a\\")


def test_many_stars_take_no_longer_than_one() -> None:
    assert remove_suffix("a" * 2000, "%" + "*" * 500 + "b") == "a" * 2000
