"""Go's ``fmt``: how values print, and ``printf``."""

from __future__ import annotations

from labkit.base.go_text import go_quote
from labkit.docker_cli.template.values import Absent, Struct, type_name

_FLAGS = "+-# 0"
_WIDEST = 1_000_000


def show(value: object) -> str:
    """Return a value as ``%v`` prints it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "<nil>"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return show_float(value)
    if isinstance(value, Struct):
        return "{" + " ".join(show(each) for each in value.values()) + "}"
    if isinstance(value, dict):
        pairs = " ".join(f"{key}:{show(value[key])}" for key in sorted(value))
        return f"map[{pairs}]"
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(show(each) for each in value) + "]"
    return str(value)


def show_float(value: float) -> str:
    """Return a float as ``%v`` does: shortest, with an exponent from 1e+21 on."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return repr(value)


def show_result(value: object) -> str:
    """Return what an action prints: nothing at all is ``<no value>``."""
    if value is None or isinstance(value, Absent):
        return "<no value>"
    return show(value)


def print_all(values: tuple[object, ...]) -> str:
    """Return Go's ``Sprint``: a blank between two values that are no strings."""
    text = ""
    for index, value in enumerate(values):
        strings = isinstance(value, str), isinstance(values[index - 1], str)
        if index and not any(strings):
            text += " "
        text += show(value)
    return text


def print_format(layout: str, values: tuple[object, ...]) -> str:
    """Return Go's ``Sprintf``, its complaints included."""
    text = ""
    left = list(values)
    position = 0
    while position < len(layout):
        letter = layout[position]
        position += 1
        if letter != "%":
            text += letter
            continue
        start = position
        while position < len(layout) and layout[position] in _FLAGS + "0123456789.*":
            position += 1
        if position == len(layout):
            return text + "%!(NOVERB)"
        verb = layout[position]
        piece, left = _format_one(layout[start:position], verb, left)
        text += piece
        position += 1
    if left:
        extra = ", ".join(f"{type_name(each)}={show(each)}" for each in left)
        text += f"%!(EXTRA {extra})"
    return text


def _format_one(spec: str, verb: str, left: list[object]) -> tuple[str, list[object]]:
    if verb == "%":
        return "%", left
    if "*" in spec and left:
        spec, left = spec.replace("*", show(left[0]), 1), left[1:]
    if not left:
        return f"%!{verb}(MISSING)", left
    return _one(spec, verb, left[0]), left[1:]


def _one(spec: str, verb: str, value: object) -> str:
    flags = spec[: len(spec) - len(spec.lstrip(_FLAGS))]
    width, _, precision = spec.lstrip(_FLAGS).partition(".")
    if not (_is_room(width) and _is_room(precision)):
        return "%!(BADWIDTH)" if not _is_room(width) else "%!(BADPREC)"
    text = _verb(verb, value, precision, flags)
    if text is None:
        return f"%!{verb}({type_name(value)}={show(value)})"
    room = int(width or 0)
    if "-" in flags:
        return text.ljust(room)
    return text.rjust(room, "0" if "0" in flags and verb in "dfx" else " ")


def _is_room(digits: str) -> bool:
    return not digits or (digits.isdecimal() and float(digits) <= _WIDEST)


def _verb(verb: str, value: object, precision: str, flags: str) -> str | None:
    if verb == "v" or (verb == "s" and not isinstance(value, (int, float))):
        text = show(value)
        cut = verb == "s" and precision
        return text[: int(precision)] if cut else text
    if verb == "q" and isinstance(value, str):
        return go_quote(value)
    if verb == "T":
        return type_name(value)
    if verb == "t" and isinstance(value, bool):
        return show(value)
    if verb in "dxXobc" and isinstance(value, int) and not isinstance(value, bool):
        return format(value, ("+" if "+" in flags else "") + verb)
    if verb in "feEgG" and isinstance(value, float):
        return format(value, f".{precision or 6}{verb}")
    if verb in "xX" and isinstance(value, str):
        return format(int.from_bytes(value.encode(), "big"), verb) if value else ""
    return None
