"""``80/tcp`` and its kin."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.ports_text import parse_exposed


def test_reads() -> None:
    assert parse_exposed("80") == ((80, "tcp"),)
    assert parse_exposed("53/UDP") == ((53, "udp"),)
    assert parse_exposed("80-82/tcp") == ((80, "tcp"), (81, "tcp"), (82, "tcp"))


@pytest.mark.parametrize("text", ["", "x", "80/foo", "99999", "82-80", "80-", "-80"])
def test_refuses(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"invalid (proto|containerPort)"):
        parse_exposed(text)
