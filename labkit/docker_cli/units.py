"""Durations and times as Docker's command line writes and reads them."""

from __future__ import annotations

import time

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def go_duration(nanoseconds: int) -> str:
    """Return a duration as Go prints it: ``1m30s``, ``1.5s``, ``0s``."""
    if nanoseconds == 0:
        return "0s"
    sign, left = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    for unit, size in (("ns", 1), ("µs", 10**3), ("ms", 10**6)):
        if left < 10**9 and left < size * 1000:
            return f"{sign}{_decimal(left, size)}{unit}"
    minutes, left = divmod(left, 60 * 10**9)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(left, 10**9)}s"
    if minutes or hours:
        text = f"{minutes}m{text}"
    return f"{sign}{hours}h{text}" if hours else sign + text


def _decimal(value: int, unit: int) -> str:
    whole, part = divmod(value, unit)
    digits = str(part).rjust(len(str(unit)) - 1, "0").rstrip("0") if part else ""
    return f"{whole}.{digits}" if digits else str(whole)


def human_duration(seconds: float) -> str:
    """Return ``About a minute``, ``3 hours``, as ``docker ps`` tells ages."""
    whole = int(seconds)
    hours = int(seconds / _HOUR + 0.5)
    if whole < 1:
        return "Less than a second"
    if whole == 1:
        return "1 second"
    if whole < _MINUTE:
        return f"{whole} seconds"
    if whole // _MINUTE == 1:
        return "About a minute"
    if whole < _HOUR:
        return f"{whole // _MINUTE} minutes"
    if hours == 1:
        return "About an hour"
    if hours < 48:
        return f"{hours} hours"
    return _many_days(hours)


def _many_days(hours: int) -> str:
    if hours < 24 * 7 * 2:
        return f"{hours // 24} days"
    if hours < 24 * 30 * 2:
        return f"{hours // 24 // 7} weeks"
    if hours < 24 * 365 * 2:
        return f"{hours // 24 // 30} months"
    return f"{hours // 24 // 365} years"


def ago(created: float) -> str:
    """Return how long ago a Unix time was."""
    return human_duration(time.time() - created) + " ago"


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
