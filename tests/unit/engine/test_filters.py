"""What filters mean."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.filters import (
    boolean,
    check_names,
    match_exactly,
    match_labels,
    match_pattern,
    match_prefix,
    match_reference,
)


def test_refuses_unknown_names() -> None:
    check_names({"a": ("x",)}, {"a", "b"})
    with pytest.raises(InvalidInputError) as caught:
        check_names({"c": ("x",)}, {"a", "b"})
    assert caught.value.message == "invalid filter 'c'"


@pytest.mark.parametrize(
    ("values", "wanted"),
    [(("true",), True), (("1",), True), (("false",), False), (("0",), False)],
)
def test_reads_booleans(values: tuple[str, ...], wanted: bool) -> None:
    assert boolean({"dangling": values}, "dangling", default=not wanted) is wanted


def test_refuses_what_is_no_boolean() -> None:
    assert boolean({}, "dangling", default=True)
    for values in (("maybe",), ("true", "false")):
        with pytest.raises(InvalidInputError, match="invalid filter 'dangling="):
            boolean({"dangling": values}, "dangling", default=True)


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, True),
        ({"label": ("a",)}, True),
        ({"label": ("a=1", "b")}, True),
        ({"label": ("a=1", "b=1")}, False),
        ({"label": ("c",)}, False),
        ({"label!": ("c",)}, True),
        ({"label!": ("a=2",)}, True),
        ({"label!": ("a=1",)}, False),
        ({"label": ("a=",)}, False),
        ({"label": ("b=",)}, True),
    ],
)
def test_labels(filters: dict[str, tuple[str, ...]], wanted: bool) -> None:
    assert match_labels(filters, {"a": "1", "b": ""}) is wanted


def test_exactly_one_of() -> None:
    assert match_exactly({}, "x", "1")
    assert match_exactly({"x": ("1", "2")}, "x", "3", "2")
    assert not match_exactly({"x": ("1",)}, "x", "11")


def test_prefix() -> None:
    assert match_prefix({"id": ("ab",)}, "id", "abc")
    assert not match_prefix({"id": ("bc",)}, "id", "abc")


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "(a|a)*$", "(a?){30}a{30}", "a*a*a*a*a*b", "(?:(a*)b*)*c"]
)
def test_refuses_patterns_that_would_never_end(pattern: str) -> None:
    with pytest.raises(InvalidInputError, match="has too many repeats"):
        match_pattern({"name": (pattern,)}, "name", "a" * 60 + "!")


@pytest.mark.parametrize("pattern", ["^we?b.*-[0-9]+$", "(web|db)-1", "(we){1}b"])
def test_takes_patterns_that_end(pattern: str) -> None:
    assert match_pattern({"name": (pattern,)}, "name", "web-1")


def test_patterns_are_searched_and_bad_ones_taken_literally() -> None:
    assert match_pattern({"name": ("^web$",)}, "name", "web")
    assert match_pattern({"name": ("eb",)}, "name", "web")
    assert not match_pattern({"name": ("^eb",)}, "name", "web")
    assert match_pattern({"name": ("[",)}, "name", "a[b")
    for text in ("(" * 5000, "a{99999999999999999999}"):
        assert not match_pattern({"name": (text,)}, "name", "aaa")


def test_references() -> None:
    assert match_reference("nginx", "nginx:1.25")
    assert match_reference("ngin*:1.*", "nginx:1.25")
    assert match_reference("*/app", "team/app:1")
    assert not match_reference("nginx:1.24", "nginx:1.25")


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("lab*", False),  # no star matches a slash: Go's path.Match
        ("lab*/*", True),
        ("lab/busybo?", True),
        ("lab/busybox:[k-m]atest", True),
        ("lab/busybox:[^k-m]atest", False),
        ("lab/busybox:[xl]*", True),
        ("lab/busy\\box", True),
        ("lab/busy\\*", False),
        ("lab?busybox", False),
        ("lab/BUSYBOX", False),
        ("*a*/*b*u*s*y*b*o*x*", True),  # as many stars as one likes
        ("lab/[b-a]usybox", False),  # holds nothing, which is no error
        ("lab/[^b-a]usybox", True),
    ],
)
def test_references_by_pattern(pattern: str, wanted: bool) -> None:
    assert match_reference(pattern, "lab/busybox:latest") is wanted


@pytest.mark.parametrize(
    "pattern", ["[", "[]", "a[b", "[^]", "[a-b-c]", "[-]", "[a-]", "\\"]
)
def test_refuses_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(InvalidInputError, match="syntax error in pattern"):
        match_reference(pattern, "nginx:1.25")
    digest = "sha256:" + "0" * 64
    assert match_reference("nginx", f"nginx@{digest}")
    assert match_reference("lab:5000/*", f"lab:5000/nginx@{digest}")
    assert not match_reference("ngin", f"nginx@{digest}")
