"""A slip of an author's pen, said in an author's words: YAML's, not a validator's."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from labkit.base.errors import InvalidInputError
from labkit.grading.source import Place, Source, suggest

_KINDS = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "model_type": "a mapping",
    "none_required": "nothing after it: `~`",
    "string_type": "a text",
    "tuple_type": "a list",
}
"""What stands in place of what a validator calls it."""


def first_problem(
    source: Source, error: ValidationError, known: Iterable[str], around: Place = ()
) -> InvalidInputError:
    """Return the first thing that is wrong, with its line.

    Args:
        known: the keys that there are.
        around: the place of what was validated.
    """
    # A slip of the pen first: it is why something else is missing.
    problems = error.errors()
    slips = (item for item in problems if item["type"] == "extra_forbidden")
    problem = next(slips, problems[0])
    return source.error((*around, *problem["loc"]), _spell(problem, known))


def _spell(problem: Any, known: Iterable[str]) -> str:
    kind, found = problem["type"], problem["input"]
    if kind == "extra_forbidden":
        word = str(problem["loc"][-1])
        return f"unknown key {word!r}{suggest(word, known)}"
    if kind == "missing":
        return "missing"
    if kind in _KINDS:
        quote = kind == "string_type" and isinstance(found, bool | int | float)
        text = f"expected {_KINDS[kind]}, found {_found(found)}"
        return f"{text}: put it in quotes" if quote else text
    if kind in ("too_short", "too_long"):
        most = kind == "too_long"
        count = problem["ctx"]["max_length" if most else "min_length"]
        bound = f"at {'most' if most else 'least'} {count}"
        return f"expected {bound}, found {problem['ctx']['actual_length']}"
    return str(problem["msg"]).removeprefix("Value error, ")


def _found(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else repr(value)
