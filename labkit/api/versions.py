"""Versions of the Docker Engine API: which ones we speak, and how they compare.

A path may begin with ``/v1.41``; without it the newest version is meant. Clients ask
``/_ping`` first and then use the lower of both sides' newest.
"""

import re
from dataclasses import dataclass

from labkit.base.errors import InvalidInputError

_GRAMMAR = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True, slots=True, order=True)
class ApiVersion:
    """``1.47``; compares by number, so that 1.9 is older than 1.24."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OLDEST = ApiVersion(1, 24)
NEWEST = ApiVersion(1, 47)


def parse_version(text: str) -> ApiVersion:
    """Read ``1.41`` and refuse what we don't speak, in Docker's words."""
    match = _GRAMMAR.fullmatch(text)
    if match is None:
        raise InvalidInputError(f"invalid API version {text!r}")
    version = ApiVersion(int(match[1]), int(match[2] or 0))
    if version < OLDEST:
        raise InvalidInputError(
            f"client version {text} is too old. Minimum supported API version is "
            f"{OLDEST}, please upgrade your client to a newer version"
        )
    if version > NEWEST:
        raise InvalidInputError(
            f"client version {text} is too new. "
            f"Maximum supported API version is {NEWEST}"
        )
    return version
