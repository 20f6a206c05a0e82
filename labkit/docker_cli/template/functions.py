"""The functions of templates: Go's own, and those that Docker adds.

Each is a function of values that raises ``FunctionError`` in Go's words. ``FUNCTIONS``
says how many arguments each takes at least and at most.
"""

from __future__ import annotations

from labkit.docker_cli.json_text import compact
from labkit.docker_cli.template.printing import print_all, print_format, show
from labkit.docker_cli.template.values import (
    ABSENT,
    Absent,
    NilPointer,
    Struct,
    is_true,
    plain,
    type_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class FunctionError(Exception):
    """A function can't do it with these arguments."""


class WrongTypeError(Exception):
    """An argument is of another type than the function takes."""


def _json(value: object) -> str:
    is_row = hasattr(value, "as_json")  # its own JSON is escaped before it is put in
    return compact(plain(value), html=is_row, sort=not _keeps_order(value))


def _keeps_order(value: object) -> bool:
    return isinstance(value, (Struct, list))


def _text(value: object) -> str:
    if not isinstance(value, str):
        if value is None or isinstance(value, Absent):
            raise WrongTypeError("invalid value; expected string")
        raise WrongTypeError(f"expected string; got {type_name(value)}")
    return value


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongTypeError(f"expected int; got {type_name(value)}")
    return value


def _split(text: object, separator: object) -> list[str]:
    whole, sign = _text(text), _text(separator)
    return whole.split(sign) if sign else list(whole)


def _join(items: object, separator: object) -> str:
    sign = _text(separator)
    if items is None:
        return ""
    if isinstance(items, dict):
        return sign.join(sorted(show(each) for each in items.values()))
    if not isinstance(items, list):
        raise FunctionError(f"expected slice, got {type_name(items)}")
    return sign.join(show(item) for item in items)


def _title(text: object) -> str:
    letters = []
    before = " "
    for letter in _text(text):
        letters.append(letter.upper() if not before.isalnum() else letter)
        before = letter if letter not in "'_" else "a"
    return "".join(letters)


def _pad(text: object, before: object, after: object) -> str:
    whole = _text(text)
    return " " * _number(before) + whole + " " * _number(after) if whole else whole


def _truncate(text: object, length: object) -> str:
    return _text(text)[: _number(length)]


def _len(value: object) -> int:
    if isinstance(value, NilPointer):
        raise FunctionError("len of nil pointer")
    if isinstance(value, (str, list, dict)) and not isinstance(value, Struct):
        return len(value.encode()) if isinstance(value, str) else len(value)
    if value is None or isinstance(value, Absent):
        raise FunctionError("len of untyped nil")
    raise FunctionError(f"len of type {type_name(value)}")


def _index(value: object, *keys: object) -> object:
    for key in keys:
        value = _index_one(value, key)
    return value


def _index_one(value: object, key: object) -> object:
    if value is None or isinstance(value, Absent):
        raise FunctionError("index of untyped nil")
    if isinstance(value, NilPointer):
        raise FunctionError("index of nil pointer")
    if isinstance(value, dict) and not isinstance(value, Struct):
        if not isinstance(key, str):
            raise FunctionError(f"value has type {type_name(key)}; should be string")
        return value.get(key, _zero_like(value))
    if isinstance(value, (list, str)):
        if isinstance(key, bool) or not isinstance(key, int):
            raise FunctionError(f"cannot index slice/array with type {type_name(key)}")
        if not 0 <= key < len(value):
            raise FunctionError(f"index out of range: {key}")
        return value[key] if isinstance(value, list) else ord(value[key])
    raise FunctionError(f"can't index item of type {type_name(value)}")


def _zero_like(values: dict[str, object]) -> object:
    """Return what a Go map has for an unknown key, told by what it holds."""
    held = next(iter(values.values()), None)
    return "" if isinstance(held, str) else ABSENT


def _slice(value: object, *bounds: object) -> object:
    if not isinstance(value, (str, list)):
        raise FunctionError(f"can't slice item of type {type_name(value)}")
    numbers = [_number(bound) for bound in bounds]
    for bound in numbers:
        if not 0 <= bound <= len(value):
            raise FunctionError(f"index out of range: {bound}")
    if len(numbers) > 1 and numbers[0] > numbers[1]:
        raise FunctionError(f"invalid slice index: {numbers[0]} > {numbers[1]}")
    start = numbers[0] if numbers else 0
    end = numbers[1] if len(numbers) > 1 else len(value)
    return value[start:end]


def _eq(first: object, *others: object) -> bool:
    return any(_same(first, other) for other in others)


def _same(first: object, other: object) -> bool:
    nothing = (None, ABSENT)
    if first in nothing or other in nothing:
        return first in nothing and other in nothing
    if isinstance(first, (NilPointer, dict, list)) or isinstance(other, (dict, list)):
        raise FunctionError("non-comparable type")
    if _kind(first) != _kind(other):
        raise FunctionError("incompatible types for comparison")
    return first == other


def _kind(value: object) -> str:
    return type_name(value)


def _less(first: object, other: object) -> bool:
    if _kind(first) != _kind(other):
        raise FunctionError("incompatible types for comparison")
    if isinstance(first, str) and isinstance(other, str):
        return first < other
    if isinstance(first, (int, float)) and isinstance(other, (int, float)):
        if isinstance(first, bool):
            raise FunctionError("invalid type for comparison")
        return first < other
    raise FunctionError("invalid type for comparison")


def _html(*values: object) -> str:
    text = print_all(values)
    for sign, entity in (("&", "&amp;"), ("'", "&#39;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return text.replace('"', "&#34;")


FUNCTIONS: dict[str, tuple[Callable[..., object], int, int | None]] = {
    "json": (_json, 1, 1),
    "split": (_split, 2, 2),
    "join": (_join, 2, 2),
    "title": (_title, 1, 1),
    "lower": (lambda text: _text(text).lower(), 1, 1),
    "upper": (lambda text: _text(text).upper(), 1, 1),
    "pad": (_pad, 3, 3),
    "truncate": (_truncate, 2, 2),
    "len": (_len, 1, 1),
    "index": (_index, 1, None),
    "slice": (_slice, 1, 4),
    "not": (lambda value: not is_true(value), 1, 1),
    "and": (lambda *values: values[-1], 1, None),  # `execute` stops them early
    "or": (lambda *values: values[-1], 1, None),
    "eq": (_eq, 2, None),
    "ne": (lambda a, b: not _same(a, b), 2, 2),
    "lt": (_less, 2, 2),
    "le": (lambda a, b: _less(a, b) or _same(a, b), 2, 2),
    "gt": (lambda a, b: not (_less(a, b) or _same(a, b)), 2, 2),
    "ge": (lambda a, b: not _less(a, b), 2, 2),
    "print": (lambda *values: print_all(values), 0, None),
    "printf": (lambda layout, *v: print_format(_text(layout), v), 1, None),
    "println": (lambda *v: " ".join(show(each) for each in v) + "\n", 0, None),
    "html": (_html, 0, None),
}
"""Name to function, least and most arguments."""
