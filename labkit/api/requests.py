"""One request as a route sees it: the engine, the version, the path, the query.

Query values follow moby's ``httputils``: a flag is true unless it is empty, ``0``,
``no``, ``false`` or ``none``; where a value comes twice the first counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiMapping

from labkit.api.machine import Machine
from labkit.api.parse.fields import NULL_BYTE, Fields, read_json
from labkit.api.parse.filters import Filters, parse_filters
from labkit.api.versions import ApiVersion
from labkit.base.errors import InvalidInputError
from labkit.engine.engine import Engine

MAX_JSON_BYTES = 8 << 20
"""Far above any real body; an endless one must not fill the engine's memory."""

_FALSE = frozenset({"", "0", "no", "false", "none"})
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_MOMENT = re.compile(r"(?P<seconds>[0-9]{1,18})(?:\.(?P<fraction>[0-9]{0,9}))?")
_NANOSECONDS = 1_000_000_000


class Query:
    """The query string with types."""

    def __init__(self, values: MultiMapping[str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        return _checked(self._values.get(name, default))

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(_checked(text) for text in self._values.getall(name, ()))

    def flag(self, name: str, default: bool = False) -> bool:
        if name not in self._values:
            return default
        return self._values[name].strip().lower() not in _FALSE

    def integer(self, name: str) -> int | None:
        """Read a whole number; absent and empty are None."""
        text = self.text(name)
        if not text:
            return None
        if not _INTEGER.fullmatch(text):
            # Go's strconv.Atoi, whose words moby passes on.
            raise InvalidInputError(f'strconv.Atoi: parsing "{text}": invalid syntax')
        return int(text)

    def moment(self, name: str) -> int | None:
        """Read ``seconds[.fraction]`` since 1970 as nanoseconds; 0 means absent."""
        text = self.text(name)
        if text in ("", "0"):
            return None
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise InvalidInputError(
                f'strconv.ParseInt: parsing "{text}": invalid syntax'
            )
        fraction = (match["fraction"] or "").ljust(9, "0")
        return int(match["seconds"]) * _NANOSECONDS + int(fraction)

    def filters(self) -> Filters:
        return parse_filters(self.text("filters"))


def _checked(text: str) -> str:
    if "\0" in text:
        raise InvalidInputError(f"{NULL_BYTE}: {text!r}")
    return text


@dataclass(slots=True)
class Progress:
    """How far the answer is: once it has begun, no other one may follow."""

    begun: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request, after routing."""

    engine: Engine
    machine: Machine
    http: web.BaseRequest
    version: ApiVersion
    path: Mapping[str, str]
    query: Query
    progress: Progress

    @property
    def ref(self) -> str:
        """Return the id or name in the path."""
        return self.path["id"]

    async def body(self) -> Fields:
        """Read the JSON body; none at all counts as an empty object.

        Raises:
            InvalidInputError: another content type, no JSON, or far too much of it.
        """
        if not self.http.can_read_body:
            return Fields({})
        if self.http.content_type != "application/json":
            found = self.http.headers.get("Content-Type", "")
            raise InvalidInputError(
                f"unsupported Content-Type header ({found}): must be 'application/json'"
            )
        data = await self._read()
        return Fields(read_json(data) if data.strip() else {})

    async def _read(self) -> bytes:
        data = bytearray()
        async for chunk in self.http.content.iter_any():
            data += chunk
            if len(data) > MAX_JSON_BYTES:
                raise InvalidInputError(
                    f"request body is larger than {MAX_JSON_BYTES} bytes"
                )
        return bytes(data)
