"""Whose key is whose: a line a key, its fingerprint and then a name.

# the workshop of November
3f2a90c41be7d8556a0c7e91f4b2d03c  Ada Lovelace
"""

import re

from labkit.base.errors import InvalidInputError

_LINE = re.compile(r"([0-9a-f]{32})(?:\s+(.*))?", re.IGNORECASE)


def read_roster(text: str) -> dict[str, str]:
    """Return names by fingerprint.

    Raises:
        InvalidInputError: a line is none; with its number.
    """
    names: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        match = _LINE.fullmatch(said)
        if match is None:
            raise InvalidInputError(
                f"line {number} of the keys is {said!r}: expected a fingerprint of 32 "
                "hexadecimal digits, and a name"
            )
        names[match[1].lower()] = (match[2] or "").strip()
    return names
