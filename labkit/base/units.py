"""Sizes and durations as Go reads them (``1h30m``, ``64m``), and sizes for people."""

import re
from decimal import Decimal

_NS = 1_000_000_000
_DURATIONS = {
    "ns": 1,
    "us": 1000,
    "µs": 1000,
    "μs": 1000,  # Go takes the Greek letter for the micro sign
    "ms": 1_000_000,
    "s": _NS,
    "m": 60 * _NS,
    "h": 3600 * _NS,
}
_PART = re.compile(r"([0-9]*(?:\.[0-9]*)?)([^0-9.]*)")
_LONGEST_NS = (1 << 63) - 1
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([kKmMgGtTpP])?([iI])?[bB]?", re.ASCII)
_DECIMAL = ("B", "kB", "MB", "GB")


def parse_duration(text: str) -> int:
    """Return the nanoseconds of a duration.

    Raises:
        ValueError: it is none; the message is that of Go's ``time.ParseDuration``.
    """
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned == "0":
        return 0
    quoted = f'"{text}"'
    if not unsigned:
        raise ValueError(f"time: invalid duration {quoted}")
    total = Decimal(0)
    at = 0
    while at < len(unsigned):
        part = _PART.match(unsigned, at)
        if part is None or part[1] in ("", "."):
            raise ValueError(f"time: invalid duration {quoted}")
        if not part[2]:
            raise ValueError(f"time: missing unit in duration {quoted}")
        if part[2] not in _DURATIONS:
            raise ValueError(f'time: unknown unit "{part[2]}" in duration {quoted}')
        total += Decimal(part[1]) * _DURATIONS[part[2]]
        at = part.end()
    if total > _LONGEST_NS:
        raise ValueError(f"time: invalid duration {quoted}")
    return -int(total) if text.startswith("-") else int(total)


def parse_bytes(text: str) -> int:
    """Return the bytes of a size; ``k`` is 1024.

    Raises:
        ValueError: it is none; the message is that of Docker's ``units.RAMInBytes``.
    """
    match = _SIZE.fullmatch(text)
    if match is None or (match[3] and not match[2]):
        raise ValueError(f"invalid size: '{text}'")
    power = "bkmgtp".index((match[2] or "b").lower())
    return int(Decimal(match[1]) * 1024**power)


def spell_size(size: int) -> str:
    """Write a size as ``docker images`` does: units of a thousand, three digits."""
    number = float(size)
    for unit in _DECIMAL:
        if number < 1000 or unit == _DECIMAL[-1]:
            break
        number /= 1000
    return f"{number:.3g}{unit}"
