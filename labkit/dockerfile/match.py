"""Wildcards as Go's ``filepath.Match`` has them.

COPY and ADD take them for sources, ``docker images --filter reference=`` for names.
``*`` and ``?`` stop at a slash, ``[a-z]`` and ``[^a-z]`` are classes, a backslash takes
the next character literally. A pattern is split into pieces of a regular expression
here, for ``ignore`` to use, too.

As in Go, a star takes as little as lets what stands before the next star match, and
never thinks better of it: so the longest pattern needs no more than linear time.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from labkit.dockerfile.errors import Fault

STAR = "[^/]*"
ONE = "[^/]"
_WILD = re.compile(r"[*?\[\\]")


def match(pattern: str, name: str) -> bool:
    """Say whether a name is one of those that a pattern means, all of it.

    Raises:
        Fault: a class isn't closed, or nothing follows a backslash.
    """
    return _compile(pattern).fullmatch(name) is not None


def has_wildcards(text: str) -> bool:
    """Say whether a source has to be searched for; a backslash counts, as in Go."""
    return _WILD.search(text) is not None


def pieces(pattern: str) -> Iterator[str]:
    """Yield a regular expression for each piece of a pattern.

    Raises:
        Fault: as ``match``.
    """
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            at += 1
            yield STAR
        elif char == "?":
            at += 1
            yield ONE
        elif char == "[":
            piece, at = _class(pattern, at + 1)
            yield piece
        else:
            literal, at = _character(pattern, at)
            yield re.escape(literal)


def join(found: Iterable[str]) -> str:
    """Make one expression of pieces; only its last star can think again."""
    chunks = [""]
    for piece in found:
        if piece != STAR:
            chunks[-1] += piece
        elif len(chunks) == 1 or chunks[-1]:  # two stars are as good as one
            chunks.append("")
    first, *rest = chunks
    if not rest:
        return first
    settled = "".join(f"(?>{STAR}?{chunk})" for chunk in rest[:-1])
    return f"{first}{settled}{STAR}{rest[-1]}"


@lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(join(pieces(pattern)), re.DOTALL)


def _class(pattern: str, at: int) -> tuple[str, int]:
    """Read what stands between brackets; return it, and where it ends."""
    negated = "^" if pattern.startswith("^", at) else ""
    at += len(negated)
    ranges: list[str] = []
    while not ranges or not pattern.startswith("]", at):
        low, at = _end_of_range(pattern, at)
        high = low
        if pattern.startswith("-", at):
            high, at = _end_of_range(pattern, at + 1)
        if low <= high:  # the other way round it holds nothing
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
        else:
            ranges.append("")
    inside = "".join(ranges)
    if not inside:
        return ("." if negated else r"(?!)"), at + 1
    return f"[{negated}{inside}]", at + 1


def _end_of_range(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at : at + 1] in ("", "-", "]"):
        raise Fault("syntax error in pattern")
    char, at = _character(pattern, at)
    if at >= len(pattern):
        raise Fault("syntax error in pattern")
    return char, at


def _character(pattern: str, at: int) -> tuple[str, int]:
    """Read one character, taken literally behind a backslash."""
    if pattern[at] != "\\":
        return pattern[at], at + 1
    if at + 1 >= len(pattern):
        raise Fault("syntax error in pattern")
    return pattern[at + 1], at + 2
