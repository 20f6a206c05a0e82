"""Go's wildcards; the table is that of the rules in its documentation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.match import has_wildcards, match


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("abc", "abc", True),
        ("*", "abc", True),
        ("*c", "abc", True),
        ("a*", "a", True),
        ("a*", "ab/c", False),
        ("a*/b", "abc/b", True),
        ("a*/b", "a/c/b", False),
        ("a*b*c*d*e*/f", "axbxcxdxe/f", True),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", False),
        ("ab[c]", "abc", True),
        ("ab[b-d]", "abc", True),
        ("ab[e-g]", "abc", False),
        ("ab[^c]", "abc", False),
        ("ab[^e-g]", "abc", True),
        ("[d-a]", "b", False),
        ("[^d-a]", "b", True),
        (r"a\*b", "a*b", True),
        (r"a\*b", "ab", False),
        ("a?b", "a☺b", True),
        ("a???b", "a☺b", False),
        ("[a-ζ]*", "α", True),
        ("*[a-ζ]", "A", False),
        ("a?b", "a/b", False),
        ("a*b", "a/b", False),
        (r"[\]a]", "]", True),
        (r"[\-]", "-", True),
        (r"[x\-]", "x", True),
        ("*x", "xxx", True),
        ("a[!b]", "a!", True),
        ("**", "a/b", False),
        ("**", "ab", True),
        ("", "", True),
        (".txt", "atxt", False),
        ("a\n*", "a\nb", True),
        ("*ab*c", "aabbabc", True),
        ("*a*ab", "aab", True),
        ("*[^a]b*c", "xb/c", False),
        ("*[^a]b*c", "a/bc", True),  # a class has no fear of slashes, in Go
    ],
)
def test_matches(pattern: str, name: str, expected: bool) -> None:
    assert match(pattern, name) is expected


@pytest.mark.parametrize(
    "pattern",
    ["[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "[", "[^", "[^bc", "a[", "\\", "[\\"],
)
def test_refuses(pattern: str) -> None:
    with pytest.raises(Fault, match="syntax error in pattern"):
        match(pattern, "a")


@pytest.mark.parametrize("text", ["a*", "a?", "[a]", "a\\b"])
def test_knows_wildcards(text: str) -> None:
    assert has_wildcards(text)
    assert not has_wildcards("a.b/c]")


def test_many_stars_take_no_longer_than_one() -> None:
    assert not match("*a" * 60 + "b", "a" * 250)
    assert match("*a" * 60 + "*", "a" * 250)


@given(st.text(alphabet="a*?b/", max_size=9), st.text(alphabet="ab/", max_size=9))
def test_stars_match_as_if_every_way_were_tried(pattern: str, name: str) -> None:
    every_way = pattern.replace("*", "[^/]*").replace("?", "[^/]")
    assert match(pattern, name) is bool(re.fullmatch(every_way, name))


@given(
    st.text(alphabet="ab[]^-\\*?/&~|", max_size=12),
    st.text(alphabet="ab/]-", max_size=6),
)
def test_any_pattern_matches_or_is_refused(pattern: str, name: str) -> None:
    try:
        match(pattern, name)
    except Fault as fault:
        assert str(fault) == "syntax error in pattern"  # noqa: PT017 the point is that no other error comes


@given(st.text(max_size=12))
def test_a_name_matches_itself_once_escaped(name: str) -> None:
    assert match("".join(f"\\{char}" for char in name), name)
