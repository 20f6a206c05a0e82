"""JSON as Go writes it, read by the C scanner without the ten milliseconds of ``json``.

Go escapes ``<``, ``>`` and ``&`` unless it is told not to, sorts the keys of maps, and
writes no blank after a comma: clients and templates see that text.
"""

from __future__ import annotations

import _json

from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Json = Any


class _Settings:
    """What ``json.decoder`` hands to the C scanner."""

    strict = False
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


_scan = _json.make_scanner(_Settings())  # type: ignore[arg-type]
_BLANK = " \t\r\n"


def parse(text: str) -> Json:
    """Return the value of a JSON text.

    The scanner looks for ``json``'s own error class, and says ``SystemError`` where
    that was never imported.

    Raises:
        CliError: it is none.
    """
    stripped = text.strip(_BLANK)
    try:
        value, end = _scan(stripped, 0)
    except (StopIteration, ValueError, TypeError, SystemError) as error:
        raise CliError(f"invalid JSON: {stripped[:60]!r}") from error
    if end != len(stripped):
        raise CliError(f"invalid JSON: {stripped[:60]!r}")
    return value


def quote(text: str, html: bool = True) -> str:
    """Return a JSON string; ``html`` escapes what Go escapes for browsers."""
    quoted = _json.encode_basestring(text)
    quoted = quoted.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    if html:
        quoted = quoted.replace("&", "\\u0026")
        quoted = quoted.replace("<", "\\u003c").replace(">", "\\u003e")
    return quoted


def compact(value: Json, html: bool = True, sort: bool = False) -> str:
    """Return a value on one line."""
    if isinstance(value, str):
        return quote(value, html)
    if isinstance(value, dict):
        items = sorted(value.items()) if sort else value.items()
        pairs = (f"{quote(k, html)}:{compact(v, html, sort)}" for k, v in items)
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(compact(item, html, sort) for item in value) + "]"
    return _scalar(value)


def indented(value: Json, indent: str = "    ", margin: str = "") -> str:
    """Return a value over several lines; empty objects and lists stay on one."""
    inner = margin + indent
    if isinstance(value, dict) and value:
        pairs = [
            f"{inner}{quote(k)}: {indented(v, indent, inner)}" for k, v in value.items()
        ]
        return "{\n" + ",\n".join(pairs) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        items = [inner + indented(item, indent, inner) for item in value]
        return "[\n" + ",\n".join(items) + f"\n{margin}]"
    return compact(value)


def _scalar(value: Json) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return number(value)
    return str(value)


def number(value: float) -> str:
    """Return a float as Go's ``encoding/json`` writes it."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return repr(value)
