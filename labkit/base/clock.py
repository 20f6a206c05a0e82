"""Time as a thing that is handed in, so that tests decide what it is."""

import time
from datetime import UTC, datetime
from typing import Protocol

NEVER = "0001-01-01T00:00:00Z"
"""Go's zero time, which Docker writes where nothing has happened yet."""


class Clock(Protocol):
    """Where the time comes from."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        return time.time_ns()


def format_time(moment_ns: int) -> str:
    """Spell nanoseconds since 1970 as Go's RFC3339Nano does: no trailing zeros."""
    if moment_ns == 0:
        return NEVER
    seconds, fraction = divmod(moment_ns, 1_000_000_000)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f"{fraction:09d}".rstrip("0")
    return f"{whole}.{digits}Z" if digits else f"{whole}Z"
