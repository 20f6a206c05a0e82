"""What may stand behind a flag: one reader a kind, in the words of Go's parsers.

A reader returns the value, or a list where the flag may be given again and grows.
"""

from __future__ import annotations

from labkit.base.go_text import TRUTHS, go_quote
from labkit.base.units import parse_bytes, parse_duration
from labkit.docker_cli.csv_line import split_csv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from labkit.docker_cli.pages import Flag

_INT64 = 2**63


def read_bool(text: str) -> bool:
    if text not in TRUTHS:
        raise ValueError(f"strconv.ParseBool: parsing {go_quote(text)}: invalid syntax")
    return TRUTHS[text]


def read_int(text: str) -> int:
    value = _integer(text, "ParseInt")
    if not -_INT64 <= value < _INT64:
        raise ValueError(
            f"strconv.ParseInt: parsing {go_quote(text)}: value out of range"
        )
    return value


def read_uint16(text: str) -> int:
    return _unsigned(text, 2**16)


def read_uint(text: str) -> int:
    return _unsigned(text, 2 * _INT64)


def _unsigned(text: str, end: int) -> int:
    value = _integer(text, "ParseUint", signed=False)
    if value >= end:
        raise ValueError(
            f"strconv.ParseUint: parsing {go_quote(text)}: value out of range"
        )
    return value


def _integer(text: str, parser: str, signed: bool = True) -> int:
    digits = text[1:] if signed and text[:1] in ("-", "+") else text
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"strconv.{parser}: parsing {go_quote(text)}: invalid syntax")
    return int(text)


def read_bytes(text: str) -> int:
    if text == "-1":  # swap without limit
        return -1
    return parse_bytes(text)


def read_cpus(text: str) -> int:
    """Return the billionths of a processor."""
    whole, _, part = text.lstrip("+").partition(".")
    digits = whole.removeprefix("-") + part
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"failed to parse {text} as a rational number")
    if part.rstrip("0")[9:]:
        raise ValueError("value is too precise")
    value: int = int(digits) * 10**9 // 10 ** len(part)
    return -value if whole.startswith("-") else value


def read_csv(text: str) -> list[str]:
    return text.split(",") if text else []


def read_pairs(text: str) -> list[str]:
    """Return the pairs of a line of CSV; one pair alone stands for itself."""
    pairs = split_csv(text) if text.count("=") > 1 else [text.strip('"')]
    for pair in pairs:
        if "=" not in pair:
            raise ValueError(f"{pair} must be formatted as key=value")
    return pairs


def read_filter(text: str) -> list[str]:
    if not text:
        return []
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError("bad format of filter (expected name=value)")
    return [f"{name.lower().strip()}={value.strip()}"]


def read_each(text: str) -> list[str]:
    return [text]


KINDS: dict[str, Callable[[str], object]] = {
    "": read_bool,
    "string": str,
    "int": read_int,
    "uint": read_uint,
    "uint16": read_uint16,
    "bytes": read_bytes,
    "decimal": read_cpus,
    "duration": parse_duration,
    "filter": read_filter,
    "strings": read_csv,
    "list": read_each,
    "map": read_each,
    "mount": read_each,
    "network": read_each,
    "ulimit": read_each,
    "gpu-request": read_each,
    "stringToString": read_pairs,
}
_NUMBERS = ("int", "uint", "uint16", "bytes", "decimal", "duration")


def empty_value(flag: Flag) -> object:
    """Return what a flag is when it is not typed."""
    if not flag.kind:
        return flag.default == "true"
    if flag.kind == "string":
        return flag.default
    if flag.kind in _NUMBERS:
        default = flag.default
        return int(default) if default.lstrip("-").isdigit() else 0
    return []
