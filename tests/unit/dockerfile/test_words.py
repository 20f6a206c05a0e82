"""Splitting an instruction without taking its quotes."""

import pytest

from labkit.dockerfile.words import split_instruction, split_words


@pytest.mark.parametrize(
    ("line", "split"),
    [
        ("RUN echo  hi ", ("RUN", (), "echo  hi")),
        ("  copy --from=a --link  . /x", ("copy", ("--from=a", "--link"), ". /x")),
        ("FROM", ("FROM", (), "")),
        ("RUN --a -- --b", ("RUN", ("--a",), "--b")),
        ("RUN --x='a b' y", ("RUN", ("--x=a b",), "y")),
        (r"RUN --x=a\ b y", ("RUN", ("--x=a b",), "y")),
        ('RUN --x="a', ("RUN", ("--x=a",), "")),
        ("RUN -x y", ("RUN", (), "-x y")),
        ("RUN\t--x\ty", ("RUN", ("--x",), "y")),
    ],
)
def test_parts_keyword_flags_and_rest(
    line: str, split: tuple[str, tuple[str, ...], str]
) -> None:
    assert split_instruction(line, "\\") == split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a  b", ["a", "b"]),
        ("a='b c' d", ["a='b c'", "d"]),
        (r"a=b\ c d", [r"a=b\ c", "d"]),
        (r'a="b \" c" d', [r'a="b \" c"', "d"]),
        (r"a='b\' c", [r"a='b\'", "c"]),
        ("a=b\\", ["a=b"]),
        ('a="b\\', ['a="b']),
        (r"a='b" + "\\", ["a='b\\"]),
        ("", []),
        ("\\", []),
        ("''", ["''"]),
    ],
)
def test_words_keep_quotes_and_escapes(text: str, words: list[str]) -> None:
    assert split_words(text, "\\") == words


def test_another_character_may_escape() -> None:
    assert split_words("a=b` c \\ d", "`") == ["a=b` c", "\\", "d"]
