"""From method and path to the function that answers: a table, and its matcher.

A pattern is a path with ``{name}`` for one segment and ``{name*}`` for several, since
names of images have slashes: ``/images/{name*}/json``. Every path may have a version
in front (``/v1.47/info``), which is taken off before the table is asked.
"""

import re
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from labkit.api.versions import NEWEST, ApiVersion, parse_version
from labkit.base.errors import NotFoundError

CallT = TypeVar("CallT")
AnswerT = TypeVar("AnswerT")

_VERSIONED = re.compile(r"/v(\d+(?:\.\d+)?)(/.*)")
_PLACE = re.compile(r"\{(\w+)(\*?)\}")


@dataclass(frozen=True, slots=True)
class Route(Generic[CallT, AnswerT]):
    """``streams`` marks what ends with its client: following logs, waiting, attach.

    Everything else is run to its end even if the client hangs up in the middle.
    """

    method: str
    pattern: str
    handler: Callable[[CallT], Coroutine[Any, Any, AnswerT]]
    streams: bool = False
    grammar: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grammar", _compile(self.pattern))


class Router(Generic[CallT, AnswerT]):
    """Finds the route of a request. Routes with the same first word are tried in
    order, so a fixed path stands before one with places in it."""

    def __init__(self, routes: Iterable[Route[CallT, AnswerT]]) -> None:
        self._by_word: dict[str, list[Route[CallT, AnswerT]]] = {}
        for route in routes:
            self._by_word.setdefault(_first_word(route.pattern), []).append(route)

    def find(
        self, method: str, path: str
    ) -> tuple[Route[CallT, AnswerT], Mapping[str, str]]:
        """Return the route and what stood in its places."""
        for route in self._by_word.get(_first_word(path), ()):
            if route.method == method and (match := route.grammar.fullmatch(path)):
                return route, match.groupdict()
        raise NotFoundError("page not found")


def split_version(path: str) -> tuple[ApiVersion, str]:
    """Take the version off a path; none means the newest.

    Raises:
        InvalidInputError: we don't speak that version.
    """
    match = _VERSIONED.fullmatch(path)
    if match is None:
        return NEWEST, path
    return parse_version(match[1]), match[2]


def _first_word(path: str) -> str:
    return path[1:].partition("/")[0]


def _compile(pattern: str) -> re.Pattern[str]:
    grammar, end = "", 0
    for place in _PLACE.finditer(pattern):
        grammar += re.escape(pattern[end : place.start()])
        grammar += f"(?P<{place[1]}>{'.+' if place[2] else '[^/]+'})"
        end = place.end()
    return re.compile(grammar + re.escape(pattern[end:]))
