"""Times as Docker's command line writes and reads them."""

from __future__ import annotations

import time

from labkit.base.durations import human_duration

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(created: float) -> str:
    """Return how long ago a Unix time was."""
    return human_duration(int((time.time() - created) * 10**9)) + " ago"


def go_time(seconds: int) -> str:
    """Return a Unix time as Go prints it: ``2024-01-02 03:04:05 +0000 UTC``."""
    return time.strftime("%Y-%m-%d %H:%M:%S %z %Z", time.localtime(seconds))


def parse_rfc3339(text: str) -> float:
    """Return the Unix time of ``2024-01-02T03:04:05.678Z``; 0 if it is none."""
    if len(text) < 19 or text[4] != "-":
        return 0.0
    try:
        days = _days(int(text[0:4]), int(text[5:7]), int(text[8:10]))
        clock = int(text[11:13]) * _HOUR + int(text[14:16]) * _MINUTE + int(text[17:19])
        rest = text[19:]
        fraction = rest[: len(rest) - len(rest.lstrip("0123456789."))]
        zone = _zone(rest[len(fraction) :])
        return days * _DAY + clock - zone + float(fraction or 0)
    except ValueError:
        return 0.0


def _zone(text: str) -> int:
    if text in ("", "Z"):
        return 0
    seconds = int(text[1:3]) * _HOUR + int(text[4:6]) * _MINUTE
    return -seconds if text[0] == "-" else seconds


def _days(year: int, month: int, day: int) -> int:
    """Count the days since 1970 of the civil calendar."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def rfc3339(seconds: int) -> str:
    """Return a Unix time as ``2024-01-02T03:04:05Z``, in the user's zone."""
    zone = time.strftime("%z", time.localtime(seconds))
    suffix = "Z" if zone == "+0000" else f"{zone[:3]}:{zone[3:]}"
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(seconds)) + suffix


def go_nanotime(text: str) -> str:
    """Return an RFC 3339 time as Go prints it: its fraction without last zeros."""
    day, _, rest = text.partition("T")
    clock, zone = rest, "+0000 UTC"
    if rest.endswith("Z"):
        clock = rest[:-1]
    elif len(rest) > 6 and rest[-6] in "+-":
        clock, offset = rest[:-6], rest[-6:].replace(":", "")
        zone = "+0000 UTC" if offset == "+0000" else f"{offset} {offset}"
    if "." in clock:
        clock = clock.rstrip("0").rstrip(".")
    return f"{day} {clock} {zone}"
