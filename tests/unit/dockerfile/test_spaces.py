"""White space as Go sees it."""

import pytest

from labkit.dockerfile.spaces import BLANKS, SPACES, is_space


@pytest.mark.parametrize("char", [" ", "\t", "\v", "\f", "\x85", "\xa0", "\u2003"])
def test_takes_unicode_spaces(char: str) -> None:
    assert is_space(char)
    assert char in SPACES


@pytest.mark.parametrize("char", ["a", "\x1c", "\x1f", "\u200b", "\ufeff"])
def test_takes_nothing_else(char: str) -> None:
    assert not is_space(char)


def test_only_plain_blanks_part_words() -> None:
    assert BLANKS.split("a \t b\vc\u2003d") == ["a", "b", "c\u2003d"]
