"""``--since 10m``, ``--until 2024-01-02T03:04``: as seconds, which engines read."""

from __future__ import annotations

import time

from labkit.base.units import parse_duration
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.units import parse_rfc3339

_MINUTE_FORM = 16
_DAY_FORM = 10


def moment(text: str, flag: str = "") -> str:
    """Return a moment as seconds since 1970, with a fraction if there is one.

    Raises:
        CliError: it is neither a time nor a duration.
    """
    try:
        past = time.time() - parse_duration(text) / 10**9
    except ValueError:
        pass
    else:
        seconds, fraction = divmod(past, 1)
        return f"{int(seconds)}.{int(fraction * 10**9):09d}"
    if text.replace(".", "", 1).isdigit():
        return text
    whole = _completed(text)
    if whole is None:
        said = f'failed to parse value as time or duration: "{text}"'
        raise CliError(f'invalid value for "{flag}": {said}' if flag else said)
    _check_fields(text, flag)
    seconds, fraction = divmod(parse_rfc3339(whole), 1)
    return f"{int(seconds)}.{int(fraction * 10**9):09d}"


_FIELDS = (
    ("month", 5, 1, 12),
    ("day", 8, 1, 31),
    ("hour", 11, 0, 23),
    ("minute", 14, 0, 59),
    ("second", 17, 0, 59),
)
"""What a time is made of: where it stands, and how small and large it may be."""


def _check_fields(text: str, flag: str) -> None:
    for name, start, least, most in _FIELDS:
        digits = text[start : start + 2]
        if digits.isdigit() and not least <= int(digits) <= most:
            said = f'parsing time "{text}": {name} out of range'
            raise CliError(f'invalid value for "{flag}": {said}' if flag else said)


def _completed(text: str) -> str | None:
    """Return a date as a full time; it is the user's own zone that counts."""
    if len(text) < _DAY_FORM or text[4:5] != "-" or not text[:4].isdigit():
        return None
    if len(text) == _DAY_FORM:
        text += "T00:00:00"
    elif len(text) == _MINUTE_FORM:
        text += ":00"
    has_zone = text.endswith("Z") or "+" in text[_DAY_FORM:] or "-" in text[_DAY_FORM:]
    return text if has_zone else text + time.strftime("%z")[:3] + ":00"
