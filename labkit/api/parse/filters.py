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
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise InvalidInputError("invalid filter")
    return {name: _values(wanted) for name, wanted in document.items()}


def _values(wanted: Any) -> tuple[str, ...]:
    if wanted is None:
        return ()
    if isinstance(wanted, dict):
        # They have to be booleans, but say nothing: Docker takes every key.
        fits = all(isinstance(value, bool) for value in wanted.values())
    else:
        fits = isinstance(wanted, list) and all(isinstance(v, str) for v in wanted)
    if not fits:
        raise InvalidInputError("invalid filter")
    return tuple(wanted)
