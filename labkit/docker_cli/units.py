"""Sizes, durations and times as Docker's command line writes and reads them."""

from __future__ import annotations

import time

_DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
_MULTIPLES = "bkmgtp"
_DURATION_UNITS = (
    ("ns", 1),
    ("us", 10**3),
    ("µs", 10**3),
    ("μs", 10**3),
    ("ms", 10**6),
    ("s", 10**9),
    ("m", 60 * 10**9),
    ("h", 3600 * 10**9),
)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def human_size(size: float, precision: int = 4) -> str:
    """Return ``1.23MB``: multiples of 1000, as disk sizes are told."""
    return _scaled(size, 1000.0, _DECIMAL, precision)


def bytes_size(size: float) -> str:
    """Return ``1.23MiB``: multiples of 1024, as memory is told."""
    return _scaled(size, 1024.0, _BINARY, 4)


def _scaled(size: float, base: float, units: tuple[str, ...], precision: int) -> str:
    step = 0
    while size >= base and step < len(units) - 1:
        size /= base
        step += 1
    return f"{size:.{precision}g}{units[step]}"


def parse_bytes(text: str) -> int:
    """Return the bytes of ``512m`` or ``1.5GiB``, all multiples of 1024.

    Raises:
        ValueError: in go-units' words.
    """
    digits = 0
    while digits < len(text) and text[digits] in "0123456789.":
        digits += 1
    try:
        size = float(text[:digits])
    except ValueError:
        raise ValueError(f"invalid size: '{text}'") from None
    suffix = text[digits:].strip(" ").lower()
    factor = _factor(suffix)
    if factor is None:
        raise ValueError(f"invalid suffix: '{text[digits:].strip(' ').lower()}'")
    return int(size * factor)


def _factor(suffix: str) -> int | None:
    if suffix in ("", "b"):
        return 1
    power = _MULTIPLES.find(suffix[0])
    if power < 1 or suffix[1:] not in ("", "b", "ib"):
        return None
    return int(1024**power)


def parse_duration(text: str) -> int:
    """Return the nanoseconds of Go's ``1h2m3.5s``.

    Raises:
        ValueError: in the words of Go's ``time`` package.
    """
    invalid = f'time: invalid duration "{text}"'
    rest, sign = text, 1
    if rest[:1] in ("-", "+"):
        sign = -1 if rest[0] == "-" else 1
        rest = rest[1:]
    if rest == "0":
        return 0
    if not rest:
        raise ValueError(invalid)
    total = 0.0
    while rest:
        amount = _take(rest, "0123456789.")
        if not amount or amount == "." or amount.count(".") > 1:
            raise ValueError(invalid)
        rest = rest[len(amount) :]
        unit = _take_unit(rest)
        if not unit:
            raise ValueError(f'time: missing unit in duration "{text}"')
        factor = dict(_DURATION_UNITS).get(unit)
        if factor is None:
            raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
        rest = rest[len(unit) :]
        total += float(amount) * factor
    return sign * round(total)


def _take(text: str, wanted: str) -> str:
    end = 0
    while end < len(text) and text[end] in wanted:
        end += 1
    return text[:end]


def _take_unit(text: str) -> str:
    end = 0
    while end < len(text) and text[end] not in "0123456789.":
        end += 1
    return text[:end]


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
        fraction = _take(rest, "0123456789.")
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
