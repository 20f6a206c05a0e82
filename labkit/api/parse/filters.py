"""The ``filters`` of a query: which names take which values.

Docker's own clients send a map of maps, ``{"label": {"a=b": true}}``, others a map of
lists, ``{"label": ["a=b"]}``; both mean the same. Which names a verb knows is the
verb's matter.
"""

import json
from typing import Any

from labkit.base.errors import InvalidInputError

Filters = dict[str, tuple[str, ...]]


def parse_filters(text: str) -> Filters:
    """Read the query value; empty means no filter."""
    if not text:
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("invalid filter") from error
    if not isinstance(document, dict):
        raise InvalidInputError("invalid filter")
    return {name: _values(wanted) for name, wanted in document.items()}


def _values(wanted: Any) -> tuple[str, ...]:
    # The map's booleans say nothing: Docker takes every key of it.
    if not isinstance(wanted, (dict, list)):
        raise InvalidInputError("invalid filter")
    if not all(isinstance(value, str) for value in wanted):
        raise InvalidInputError("invalid filter")
    return tuple(wanted)
