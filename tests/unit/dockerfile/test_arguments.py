"""Each keyword splits its arguments in its own way."""

import pytest

from labkit.dockerfile.arguments import parse_arguments, parse_json
from labkit.dockerfile.errors import Fault


def words(name: str, text: str) -> tuple[str, ...]:
    return parse_arguments(name, text, "\\").words


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("RUN", "echo  a", ("echo  a",)),
        ("RUN", '["a", "b c"]', ("a", "b c")),
        ("RUN", "['a']", ("['a']",)),
        ("COPY", "a  b /c", ("a", "b", "/c")),
        ("COPY", '["a b", "/c"]', ("a b", "/c")),
        ("ENV", 'a=1 b="2 3"', ("a", "1", "=", "b", '"2 3"', "=")),
        ("ENV", "a b  c", ("a", "b  c", "")),
        ("ENV", "a b=c", ("a", "b=c", "")),
        ("ARG", "a b=c", ("a", "b=c")),
        ("WORKDIR", "a b", ("a b",)),
        ("EXPOSE", "80 90/udp", ("80", "90/udp")),
        ("HEALTHCHECK", "CMD curl  x", ("CMD", "curl  x")),
        ("HEALTHCHECK", 'CMD ["a"]', ("CMD", "a")),
        ("HEALTHCHECK", "NONE", ("NONE",)),
        ("RUNN", "x", ()),
        ("ENV", "\\", ()),
    ],
)
def test_splits(name: str, text: str, expected: tuple[str, ...]) -> None:
    assert words(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ENV", "a", "ENV must have two arguments"),
        ("LABEL", "a", "LABEL must have two arguments"),
        ("ENV", "a=b c", 'Syntax error - can\'t find = in "c". Must be of the form'),
        ("RUN", '["a", 1]', "arrays must be comprised of strings only"),
        ("COPY", "[null]", "arrays must be comprised of strings only"),
    ],
)
def test_refuses(name: str, text: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        words(name, text)


def test_json_is_what_go_takes_for_json() -> None:
    assert parse_json(' ["a\\ud800b"]') is not None
    assert words("CMD", '["a\\ud800b", "\\ud83d\\ude00"]') == ("a\ufffdb", "😀")
    for text in ("[NaN]", "[" * 100_000, '["a",]', '["a"] x', "{}", "['a']"):
        assert parse_json(text) is None
