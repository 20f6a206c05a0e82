"""Ignore files as Docker matches them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.ignore import compile_patterns, read_ignore_file


@pytest.mark.parametrize(
    ("lines", "path", "excluded"),
    [
        ("*.o", "a.o", True),
        ("*.o", "b/a.o", False),
        ("**/*.o", "a.o", True),
        ("**/*.o", "b/c/a.o", True),
        ("**", "a/b", True),
        ("**/", "a/b", True),
        ("a/**", "a/b/c", True),
        ("a/**", "a", False),
        ("a/**/c", "a/c", True),
        ("a/**/c", "a/b/b/c", True),
        ("a**", "abc/d", True),
        ("a**b", "axxb", False),
        ("a**/b", "a/b", True),
        ("node_modules", "node_modules/x/y", True),
        ("node_modules", "src/node_modules/x", False),
        ("/a", "a", True),
        ("//a", "a", True),
        ("./a/../b", "b", True),
        ("a/", "a/x", True),
        ("*\n!keep", "keep", False),
        ("*\n!keep", "keep/x", False),
        ("*\n!keep\nkeep/secret", "keep/secret", True),
        ("*\n!keep\nkeep/secret", "keep/open", False),
        ("!keep\n*", "keep", True),
        ("*.md\n!README*.md", "README-2.md", False),
        ("*.md\n!README*.md\nREADME-2.md", "README-2.md", True),
        ("dir\n!dir/a", "dir/a", False),
        ("dir\n!dir/a", "dir/b", True),
        ("!**/x\n", "x", False),
        ("# a\n a \n\n", "a", True),
        (" # a", "# a", True),
        ("\ufeffa", "a", True),
        ("a\r\nb\r\n", "a", True),
        ("[a-c]?", "b1", True),
        ("a.b", "axb", False),
        ("a+(b)", "a+(b)", True),
        (r"\!a", "!a", True),
        ("! a\n*\n! a", "a", False),
        ("/", "a", False),
        (".", "a", False),
        ("abc", "abcd", False),
        ("b?**/*[^a]*ab*", "baabaa/ab/", True),  # a class may mean a slash
        ("**/a*b/**/c", "x/aab/b/y/c", True),
    ],
)
def test_excludes(lines: str, path: str, excluded: bool) -> None:
    assert read_ignore_file(lines).excludes(path) is excluded


def test_a_folder_need_not_be_entered_unless_something_is_taken_back() -> None:
    plain = read_ignore_file("a\nb")
    assert not plain.has_exceptions
    assert not plain.may_take_back_below("a")
    some = read_ignore_file("a\n!a/b/c\n!x")
    assert some.has_exceptions
    assert [some.may_take_back_below(f) for f in ("a", "a/b", "a/z", "x", "y")] == [
        *(True, True, False, True, False),
    ]
    assert read_ignore_file("*\n!**/c").may_take_back_below("anything")


@pytest.mark.parametrize(
    ("line", "said"),
    [("!", 'illegal exclusion pattern: "!"'), ("[a", "syntax error in pattern")],
)
def test_refuses(line: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        read_ignore_file(line)


def test_patterns_may_come_from_elsewhere() -> None:
    rules = compile_patterns(["*.o", "", "!keep.o"])
    assert [rules.excludes(name) for name in ("a.o", "keep.o")] == [True, False]


@given(
    st.text(alphabet="ab*?[]!\\/.#\n -^", max_size=20),
    st.text(alphabet="ab/.", max_size=9),
)
def test_any_file_is_read_or_refused(text: str, path: str) -> None:
    try:
        rules = read_ignore_file(text)
    except Fault:
        return
    if rules.excludes(path):
        assert rules.excludes(f"{path}/below") or rules.has_exceptions


@given(
    st.lists(st.sampled_from(["**", "*", "a", "b", "/"]), max_size=9).map("".join),
    st.text(alphabet="ab/", max_size=9),
)
def test_folders_match_as_if_every_way_were_tried(pattern: str, path: str) -> None:
    (read,) = compile_patterns([f"a{pattern}"]).patterns  # nothing to clean in front
    early = ("(?>", "(?:"), ("(?:.*?/)??", "(?:.*/)?"), ("[^/]*?", "[^/]*")
    every_way = read.regex.pattern
    for settled, free in early:
        every_way = every_way.replace(settled, free)
    found = re.match(every_way, path) is not None
    assert (read.regex.match(path) is not None) is found


def test_many_stars_take_no_longer_than_one() -> None:
    assert not read_ignore_file("*a" * 40 + "b").excludes("a" * 200)
    assert not read_ignore_file("**/a/" * 40 + "b").excludes("a/" * 100 + "c")
    assert not read_ignore_file("**/" * 200 + "x").excludes("a/" * 200 + "b")
