"""``--filter``: which names each listing takes, and what they mean.

A filter is a name with one or more values. Values of one name are alternatives,
except for labels, which must all be there; different names must all match. Docker
checks names first and complains in one sentence; that is ``check_names``.
"""

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from labkit.base.errors import InvalidInputError
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.match import match
from labkit.engine.messages import invalid_filter

Filters = Mapping[str, tuple[str, ...]]

CONTAINERS = frozenset(
    {
        "ancestor",
        "before",
        "exited",
        "expose",
        "health",
        "id",
        "is-task",
        "isolation",
        "label",
        "name",
        "network",
        "publish",
        "since",
        "status",
        "volume",
    }
)
NETWORKS = frozenset({"dangling", "driver", "id", "label", "name", "scope", "type"})
VOLUMES = frozenset({"dangling", "driver", "label", "name"})
IMAGES = frozenset({"before", "dangling", "label", "reference", "since", "until"})
_MOST_REPEATS = 4
_KNOWN_PATTERNS = 64  # a listing asks of each of hundreds of things the same
PRUNE = frozenset({"until", "label", "label!"})
PRUNE_VOLUMES = frozenset({"label", "label!", "all"})
PRUNE_IMAGES = frozenset({"dangling", "until", "label", "label!"})


def check_names(filters: Filters, accepted: Collection[str]) -> None:
    """Refuse a filter that this listing does not know."""
    for name in filters:
        if name not in accepted:
            raise InvalidInputError(invalid_filter(name))


def boolean(filters: Filters, name: str, default: bool) -> bool:
    """Read a filter such as ``dangling=true``.

    Raises:
        InvalidInputError: the value is neither, or both were said.
    """
    values = set(filters.get(name, ()))
    if not values:
        return default
    if values <= {"true", "1"}:
        return True
    if values <= {"false", "0"}:
        return False
    raise InvalidInputError(invalid_filter(f"{name}=[{' '.join(sorted(values))}]"))


def match_labels(filters: Filters, labels: Mapping[str, str]) -> bool:
    """Tell whether ``label`` (all must be there) and ``label!`` (none may) hold."""
    wanted = all(_has_label(labels, text) for text in filters.get("label", ()))
    unwanted = filters.get("label!", ())
    return wanted and not any(_has_label(labels, text) for text in unwanted)


def match_exactly(filters: Filters, name: str, *values: str) -> bool:
    """Tell whether a filter is absent or one of its values is one of ours."""
    wanted = filters.get(name, ())
    return not wanted or any(value in wanted for value in values)


def match_prefix(filters: Filters, name: str, value: str) -> bool:
    wanted = filters.get(name, ())
    return not wanted or any(value.startswith(text) for text in wanted)


def match_pattern(filters: Filters, name: str, *values: str) -> bool:
    """Tell whether a value contains a filter's text, read as a regular expression.

    Docker matches names this way: ``name=web`` finds ``my-web-1``, ``name=^web$``
    only ``web``. A text that is no expression is taken literally.
    """
    wanted = filters.get(name, ())
    if not wanted:
        return True
    return any(_search(text, value) for text in wanted for value in values)


def match_reference(pattern: str, *names: str) -> bool:
    """Tell whether one of an image's names fits ``reference=ngin*:1.*``.

    Raises:
        InvalidInputError: the pattern is none.
    """
    for name in names:
        tagged = name.partition("@")[0]  # a digest has a colon of its own
        is_digest = tagged != name
        repository = tagged if is_digest else name.rpartition(":")[0] or name
        if _fits(pattern, name) or _fits(pattern, repository):
            return True
    return False


def _fits(pattern: str, name: str) -> bool:
    try:
        return match(pattern, name)
    except Fault as fault:
        raise InvalidInputError(str(fault)) from fault


def _has_label(labels: Mapping[str, str], text: str) -> bool:
    name, equals, value = text.partition("=")
    if name not in labels:
        return False
    return not equals or labels[name] == value


def _search(text: str, value: str) -> bool:
    expression = _expression(text)
    return text in value if expression is None else bool(expression.search(value))


@functools.lru_cache(_KNOWN_PATTERNS)
def _expression(text: str) -> re.Pattern[str] | None:
    """Read a regular expression; None if it is none."""
    try:
        _refuse_wild(text)
        return re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return None


def _refuse_wild(text: str) -> None:
    """Refuse a pattern that could keep the engine busy for hours.

    Go's patterns take linear time, Python's try one way after the other: a repeat in a
    repeat, a choice in one, or many of them side by side have too many ways.

    Raises:
        InvalidInputError: it is one.
    """
    if _count_repeats(_parser.parse(text), False) > _MOST_REPEATS:
        raise InvalidInputError(f"pattern {text[:100]!r} has too many repeats")


def _count_repeats(part: Any, inside: bool) -> int:
    count = 0
    for operation, argument in part:
        name = str(operation)
        repeats = name.endswith("_REPEAT")
        varies = argument[0] != argument[1] if repeats else name == "BRANCH"
        if varies:
            count += _MOST_REPEATS + 1 if inside else int(repeats)
        for inner in _inner_parts(argument):
            count += _count_repeats(inner, inside or repeats)
    return count


def _inner_parts(argument: Any) -> Iterator[Any]:
    """Yield the patterns in an operation's argument, wherever they stand in it."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for item in argument:
            yield from _inner_parts(item)
