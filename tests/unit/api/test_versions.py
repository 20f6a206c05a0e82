"""Which API versions are spoken."""

import pytest

from labkit.api.versions import NEWEST, OLDEST, ApiVersion, parse_version
from labkit.base.errors import InvalidInputError


@pytest.mark.parametrize("text", ["1.24", "1.41", "1.47"])
def test_reads_what_it_speaks(text: str) -> None:
    assert str(parse_version(text)) == text


def test_compares_by_number() -> None:
    assert ApiVersion(1, 9) < OLDEST < ApiVersion(1, 41) < NEWEST


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.48", "client version 1.48 is too new. Maximum supported API version is"),
        ("2.0", "is too new"),
        (
            "1.23",
            "client version 1.23 is too old. Minimum supported API version is 1.24, "
            "please upgrade your client to a newer version",
        ),
        ("1", "invalid API version"),
        ("1.x", "invalid API version"),
    ],
)
def test_refuses_the_rest_in_dockers_words(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        parse_version(text)
