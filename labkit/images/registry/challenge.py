"""``WWW-Authenticate``: how somebody wants to know who we are (RFC 9110, 11.6.1)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_SCHEME = re.compile(rf"\s*,?\s*({_TOKEN})(?:\s+|$)")
_PARAMETER = re.compile(rf'\s*,?\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))')
_ESCAPED = re.compile(r"\\(.)")
_MOST_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Challenge:
    """One scheme that would be accepted; its name is in lower case."""

    scheme: str
    parameters: Mapping[str, str]


def parse_challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Read all challenges of an answer; what can't be read ends its header."""
    return tuple(
        challenge for header in headers for challenge in _parse(header[:_MOST_BYTES])
    )


def _parse(text: str) -> Iterator[Challenge]:
    at = 0
    while match := _SCHEME.match(text, at):
        at = match.end()
        parameters: dict[str, str] = {}
        while pair := _PARAMETER.match(text, at):
            at = pair.end()
            quoted = _ESCAPED.sub(r"\1", pair[2]) if pair[2] is not None else pair[3]
            parameters[pair[1].lower()] = quoted
        yield Challenge(match[1].lower(), parameters)
