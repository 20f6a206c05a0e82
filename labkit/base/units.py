"""Sizes and durations as Go reads them (``1h30m``, ``64m``), and sizes for people.

The bundled ``docker`` starts with this module, so it imports nothing that is slow.
"""

from __future__ import annotations

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
_LONGEST_NS = (1 << 63) - 1
_DIGITS = "0123456789"
_NUMERAL = frozenset("0123456789.eE+-")
_MULTIPLES = "bkmgtp"
_DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")


def parse_duration(text: str) -> int:
    """Return the nanoseconds of a duration.

    Raises:
        ValueError: it is none; the message is that of Go's ``time.ParseDuration``.
    """
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    quoted = f'"{text}"'
    if not rest:
        raise ValueError(f"time: invalid duration {quoted}")
    total = 0
    while rest:
        whole, rest = _split_digits(rest)
        fraction = ""
        if rest.startswith("."):
            fraction, rest = _split_digits(rest[1:])
        if not whole and not fraction:
            raise ValueError(f"time: invalid duration {quoted}")
        unit, rest = _split_unit(rest)
        if not unit:
            raise ValueError(f"time: missing unit in duration {quoted}")
        if unit not in _DURATIONS:
            raise ValueError(f'time: unknown unit "{unit}" in duration {quoted}')
        total += _scale_decimal(whole, fraction, _DURATIONS[unit])
        if total > _LONGEST_NS:
            raise ValueError(f"time: invalid duration {quoted}")
    return -total if text.startswith("-") else total


def _split_digits(text: str) -> tuple[str, str]:
    rest = text.lstrip(_DIGITS)
    return text[: len(text) - len(rest)], rest


def _split_unit(text: str) -> tuple[str, str]:
    end = 0
    while end < len(text) and text[end] not in "0123456789.":
        end += 1
    return text[:end], text[end:]


def _scale_decimal(whole: str, fraction: str, factor: int) -> int:
    whole, fraction = whole.lstrip("0"), fraction[:20]
    if len(whole) > 20:
        return _LONGEST_NS + 1
    part: int = int(fraction or "0") * factor // 10 ** len(fraction)
    return int(whole or "0") * factor + part


def parse_bytes(text: str, base: int = 1024) -> int:
    """Return the bytes of a size; ``k`` is 1024, as for memory, or another base.

    Raises:
        ValueError: it is none; the message is that of go-units, whose ``RAMInBytes``
            and, with a base of 1000, ``FromHumanSize`` this is.
    """
    end = len(text)
    while end and text[end - 1] not in "0123456789. ":
        end -= 1
    if not end:
        raise ValueError(f"invalid size: '{text}'")
    size = _read_number(text[:end].removesuffix(" "))
    if size < 0:
        raise ValueError(f"invalid size: '{text}'")
    suffix = text[end:].lower()
    power = _MULTIPLES.find(suffix[:1])
    endings = ("", "b", "ib") if power else ("",)  # a ``b`` alone is the last letter
    if power < 0 or suffix[1:] not in endings:
        raise ValueError(f"invalid suffix: '{suffix}'")
    size *= float(base) ** power
    if size == float("inf"):
        raise ValueError(f"invalid size: '{text}'")
    return int(size)


def _read_number(text: str) -> float:
    if set(text) <= _NUMERAL:
        try:
            return float(text)
        except ValueError:
            pass  # refused below, in Go's words
    raise ValueError(f'strconv.ParseFloat: parsing "{text}": invalid syntax')


def human_size(size: float, precision: int = 4) -> str:
    """Return ``1.23MB``: multiples of 1000, as disk sizes are told."""
    return _scale(size, 1000.0, _DECIMAL, precision)


def spell_size(size: float) -> str:
    """Write a size as ``docker images`` does: units of a thousand, three digits."""
    return human_size(size, 3)


def bytes_size(size: float) -> str:
    """Return ``1.23MiB``: multiples of 1024, as memory is told."""
    return _scale(size, 1024.0, _BINARY, 4)


def _scale(size: float, base: float, units: tuple[str, ...], precision: int) -> str:
    step = 0
    while size >= base and step < len(units) - 1:
        size /= base
        step += 1
    return f"{size:.{precision}g}{units[step]}"
