"""Moments as people say them."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.moments import parse_moment

_S = 1_000_000_000
_NOW = 1_700_000_000 * _S


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1136073845", 1_136_073_845 * _S),
        ("1136073845.5", 1_136_073_845 * _S + _S // 2),
        ("10s", _NOW - 10 * _S),
        ("1h30m", _NOW - 5400 * _S),
        ("1.5h", _NOW - 5400 * _S),
        ("300ms", _NOW - 300_000_000),
        ("2006-01-02T15:04:05Z", 1_136_214_245 * _S),
        ("2006-01-02T15:04:05+01:00", 1_136_210_645 * _S),
    ],
)
def test_what_is_meant(text: str, moment: int) -> None:
    assert parse_moment(text, _NOW) == moment


def test_a_date_alone_is_its_midnight_here() -> None:
    assert parse_moment("2006-01-02", _NOW) == parse_moment("2006-01-02T00:00", _NOW)


@pytest.mark.parametrize("text", ["", "nope", "1x", "h", "2006-13-01", "-1h", "1h "])
def test_what_is_none(text: str) -> None:
    with pytest.raises(InvalidInputError, match="failed to parse value as time or"):
        parse_moment(text, _NOW)
