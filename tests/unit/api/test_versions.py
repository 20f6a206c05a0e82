"""API versions: order, and what we refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.api.versions import NEWEST, OLDEST, ApiVersion, parse_version
from labkit.base.errors import InvalidInputError


@given(st.integers(OLDEST.minor, NEWEST.minor))
def test_speaks_everything_between_oldest_and_newest(minor: int) -> None:
    version = parse_version(f"1.{minor}")
    assert OLDEST <= version <= NEWEST
    assert str(version) == f"1.{minor}"


@given(st.integers(0, 99), st.integers(0, 99))
def test_speaks_nothing_else(major: int, minor: int) -> None:
    version = ApiVersion(major, minor)
    if OLDEST <= version <= NEWEST:
        assert parse_version(str(version)) == version
        return
    word = "too old. Minimum" if version < OLDEST else "too new. Maximum"
    with pytest.raises(InvalidInputError, match=word):
        parse_version(str(version))


def test_compares_by_number() -> None:
    assert ApiVersion(1, 9) < ApiVersion(1, 24) < ApiVersion(1, 100) < ApiVersion(2, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1.99",
            "client version 1.99 is too new. Maximum supported API version is 1.47",
        ),
        (
            "1.12",
            "client version 1.12 is too old. Minimum supported API version is 1.24, "
            "please upgrade your client to a newer version",
        ),
        (
            "1",
            "client version 1 is too old. Minimum supported API version is 1.24, "
            "please upgrade your client to a newer version",
        ),
        ("1.2.3", "invalid API version '1.2.3'"),
        ("1." + "9" * 5000, f"invalid API version '1.{'9' * 5000}'"),
    ],
)
def test_refuses_in_dockers_words(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        parse_version(text)
    assert str(raised.value) == message
