"""Names and numbers."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.signals import parse_signal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9", 9),
        ("KILL", 9),
        ("sigkill", 9),
        ("SIGTERM", 15),
        ("hup", 1),
        ("64", 64),
        ("RTMIN", 34),
        ("RTMIN+3", 37),
        ("SIGRTMAX-1", 63),
        ("CHLD", 17),
    ],
)
def test_reads(text: str, number: int) -> None:
    assert parse_signal(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "65", "-1", "FOO", "RTMIN+99", "RTMAX+1", "KILL+1", "RTMIN+x"]
)
def test_refuses(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_signal(text)
    assert caught.value.message == f"Invalid signal: {text}"
