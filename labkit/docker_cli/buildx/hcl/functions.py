"""The functions that bake files can call, those of buildx that have a use here."""

import base64
import csv
import hashlib
import io
import itertools
import json
import math
import operator
import posixpath
import re
import urllib.parse
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from labkit.docker_cli.buildx.hcl.tree import Value

Function = Callable[..., Value]


def as_text(value: Value) -> str:
    """Return a value as a template shows it.

    Raises:
        ValueError: it is a list, a map or nothing.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    raise ValueError(f"{json.dumps(value)} is no text")


def shown(value: Value) -> str:
    """Return a value of any kind for people."""
    return _json(value) if isinstance(value, list | dict) else as_text(value)


def _number(value: Value) -> int | float:
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{json.dumps(value)} is no number")
    return _whole(float(value) if isinstance(value, str) else operator.pos(value))  # type: ignore[arg-type]


def _whole(value: float) -> int | float:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _numeric(function: Callable[..., float]) -> Function:
    return lambda *values: _whole(function(*(_number(one) for one in values)))


def _compared(function: Callable[[Any, Any], bool]) -> Function:
    return lambda left, right: function(_number(left), _number(right))


def _textual(function: Callable[..., Value]) -> Function:
    return lambda *values: function(*(as_text(one) for one in values))


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return left == right


def _bool(value: Value) -> bool:
    if value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise ValueError(f"{json.dumps(value)} is neither true nor false")
    return value


def _coalesce(*values: Value) -> Value:
    return next((one for one in values if one not in (None, "", [])), None)


def _merge(*maps: dict[str, Value] | None) -> Value:
    found: dict[str, Value] = {}
    for one in maps:
        found |= one or {}
    return found


def _flatten(items: Iterable[Value]) -> list[Value]:
    found: list[Value] = []
    for one in items:
        found += _flatten(one) if isinstance(one, list) else [one]
    return found


def _distinct(items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for one in items:
        if not any(_equal(one, each) for each in found):
            found.append(one)
    return found


def _contains(items: Iterable[Value], wanted: Value) -> bool:
    return any(_equal(one, wanted) for one in items)


def _lookup(found: dict[str, Value], key: str, *otherwise: Value) -> Value:
    return found[key] if key in found else otherwise[0]


_VERB = re.compile(r"%([-+ 0#]*\d*(?:\.\d+)?)([%a-zA-Z])")


def _format(text: str, *values: Value) -> str:
    """Format as Go does; only what both write alike is known."""
    rest = iter(values)

    def one(found: re.Match[str]) -> str:
        if found[2] == "%":
            return "%"
        value = next(rest)
        if found[2] == "q":
            return json.dumps(as_text(value))
        if found[2] in ("v", "s", "t"):
            shown = json.dumps(value) if isinstance(value, list | dict) else None
            return f"%{found[1]}s" % (shown or as_text(value))
        kind = int if found[2] in ("d", "x", "X", "o", "b", "c") else float
        if found[2] == "b":
            return format(int(_number(value)), "b")
        return f"%{found[1]}{found[2]}" % kind(_number(value))

    return _VERB.sub(one, text)


def _formatlist(text: str, *values: Value) -> Value:
    count = max(len(one) for one in values if isinstance(one, list))
    rows = [one if isinstance(one, list) else [one] * count for one in values]
    return [_format(text, *row) for row in zip(*rows, strict=True)]


def _groups(found: re.Match[str]) -> Value:
    if found.re.groupindex:
        return dict(found.groupdict())
    return list(found.groups()) if found.re.groups else found[0]


def _regex(pattern: str, text: str) -> Value:
    found = re.search(_go_pattern(pattern), text)
    if found is None:
        raise ValueError("the pattern fits nowhere")
    return _groups(found)


def _regexall(pattern: str, text: str) -> Value:
    return [_groups(found) for found in re.finditer(_go_pattern(pattern), text)]


def _regex_replace(text: str, pattern: str, new: str) -> Value:
    backwards = re.sub(r"\$(?:\{(\w+)\}|(\w+))", lambda m: rf"\g<{m[1] or m[2]}>", new)
    return re.sub(_go_pattern(pattern), backwards, text)


def _go_pattern(pattern: str) -> str:
    return pattern.replace("(?<", "(?P<").replace("(?PP<", "(?P<")


def _range(*bounds: Value) -> Value:
    numbers = [int(_number(one)) for one in bounds]
    if len(numbers) < 3:
        low, high = (0, numbers[0]) if len(numbers) == 1 else numbers
        numbers = [low, high, 1 if high >= low else -1]
    return list(range(*numbers))


def _chunks(items: list[Value], size: int) -> Value:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _rows(text: str) -> Value:
    return [dict(row) for row in csv.DictReader(io.StringIO(text))]


def _substr(text: str, at: int, count: int) -> str:
    at = at + len(text) if at < 0 else at
    return text[at:] if count < 0 else text[at : at + count]


def _indent(count: int, text: str) -> str:
    return text.replace("\n", "\n" + " " * count)


def _hash(name: str) -> Function:
    return _textual(lambda text: hashlib.new(name, text.encode()).hexdigest())


def _product(*lists: list[Value]) -> Value:
    return [list(one) for one in itertools.product(*lists)]


def _json(value: Value) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


FUNCTIONS: dict[str, Function] = {
    "abs": _numeric(abs),
    "add": _numeric(operator.add),
    "and": lambda *values: all(map(_bool, values)),
    "base64decode": _textual(lambda text: base64.b64decode(text).decode()),
    "base64encode": _textual(lambda text: base64.b64encode(text.encode()).decode()),
    "basename": _textual(posixpath.basename),
    "ceil": _numeric(math.ceil),
    "chomp": _textual(lambda text: text.rstrip("\r\n")),
    "chunklist": _chunks,
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "compact": lambda items: [one for one in items if one not in (None, "")],
    "concat": lambda *lists: [one for each in lists for one in each],
    "contains": _contains,
    "csvdecode": _rows,
    "dirname": _textual(lambda text: posixpath.dirname(text) or "."),
    "distinct": _distinct,
    "divide": _numeric(operator.truediv),
    "element": lambda items, at: items[at % len(items)],
    "equal": _equal,
    "flatten": _flatten,
    "floor": _numeric(math.floor),
    "format": _format,
    "formatlist": _formatlist,
    "greaterthan": _compared(operator.gt),
    "greaterthanorequalto": _compared(operator.ge),
    "hasindex": lambda items, key: (
        key in items if isinstance(items, dict) else 0 <= int(key) < len(items)
    ),
    "indent": _indent,
    "index": lambda items, key: items[key],
    "indexof": lambda items, wanted: items.index(wanted),
    "int": _numeric(math.trunc),
    "join": lambda sign, *lists: sign.join(
        as_text(one) for each in lists for one in each
    ),
    "jsondecode": _textual(json.loads),
    "jsonencode": _json,
    "keys": sorted,
    "length": len,
    "lessthan": _compared(operator.lt),
    "lessthanorequalto": _compared(operator.le),
    "log": _numeric(math.log),
    "lookup": _lookup,
    "lower": _textual(str.lower),
    "max": _numeric(max),
    "md5": _hash("md5"),
    "merge": _merge,
    "min": _numeric(min),
    "modulo": _numeric(math.fmod),
    "multiply": _numeric(operator.mul),
    "negate": _numeric(operator.neg),
    "not": lambda value: not _bool(value),
    "notequal": lambda left, right: not _equal(left, right),
    "or": lambda *values: any(map(_bool, values)),
    "parseint": lambda text, base: int(text, int(base)),
    "pow": _numeric(operator.pow),
    "range": _range,
    "regex": _regex,
    "regex_replace": _regex_replace,
    "regexall": _regexall,
    "replace": _textual(str.replace),
    "reverse": _textual(lambda text: text[::-1]),
    "reverselist": lambda items: items[::-1],
    "sanitize": _textual(lambda text: re.sub(r"[^a-zA-Z0-9_-]", "_", text)),
    "setproduct": _product,
    "setunion": lambda *lists: _distinct([one for each in lists for one in each]),
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "sha512": _hash("sha512"),
    "signum": _numeric(lambda value: (value > 0) - (value < 0)),
    "slice": lambda items, low, high: items[int(low) : int(high)],
    "sort": lambda items: [*sorted(as_text(one) for one in items)],
    "split": _textual(lambda sign, text: [*(text.split(sign) if sign else text)]),
    "strlen": _textual(len),
    "substr": lambda text, at, count: _substr(text, int(at), int(count)),
    "subtract": _numeric(operator.sub),
    "timestamp": lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "title": _textual(lambda text: re.sub(r"\b\w", lambda m: m[0].upper(), text)),
    "trim": _textual(str.strip),
    "trimprefix": _textual(str.removeprefix),
    "trimspace": _textual(str.strip),
    "trimsuffix": _textual(str.removesuffix),
    "upper": _textual(str.upper),
    "urlencode": _textual(urllib.parse.quote_plus),
    "uuidv4": lambda: str(uuid.uuid4()),
    "values": lambda found: [found[key] for key in sorted(found)],
    "zipmap": lambda keys, values: dict(zip(keys, values, strict=True)),
}
"""``try`` and ``can`` are ``evaluate``'s: they hear of what goes wrong."""
