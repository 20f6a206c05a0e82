"""``until=``: a moment as people say it, after moby's ``timetypes.GetTimestamp``.

A Unix time (with a fraction), how long ago as Go spells durations (``1h30m``, ``1.5h``,
``300ms``), or a date with as much of a time as is known; without a zone it is meant in
the machine's own.
"""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from labkit.base.errors import InvalidInputError
from labkit.base.units import parse_duration

_NS = 1_000_000_000
_DURATION = re.compile(r"[0-9.].*[smh]")  # every unit ends so, and no date does
_UNIX = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")


def parse_moment(text: str, now_ns: int) -> int:
    """Return nanoseconds since 1970.

    Raises:
        InvalidInputError: it is no moment.
    """
    try:
        if _UNIX.fullmatch(text):
            return int(Decimal(text) * _NS)
        if _DURATION.fullmatch(text):
            return now_ns - parse_duration(text)
        return int(Decimal(datetime.fromisoformat(text).timestamp()) * _NS)
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise InvalidInputError(
            f'failed to parse value as time or duration: "{text}"'
        ) from error
