"""What ``${NAME...}`` means: defaults, alternatives, prefixes, suffixes, replacements.

Patterns are the shell's: ``*`` any text, ``?`` one character, a backslash before
either of them takes it literally. Brackets mean nothing here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from labkit.dockerfile.errors import Fault

_ESCAPABLE = ("*", "?", "\\", "}", "/")


@dataclass(frozen=True, slots=True)
class Modifier:
    """``${NAME-word}``, ``+`` or ``?``; with a colon an empty value counts as unset."""

    name: str
    sign: str
    empty_is_unset: bool
    word: str

    def apply(self, value: str | None) -> str:
        """Return what the variable's value becomes.

        Raises:
            Fault: ``?`` demands a value, and there is none.
        """
        missing = value is None or (self.empty_is_unset and not value)
        if self.sign == "+":
            return "" if missing else self.word
        if not missing:
            return value or ""
        if self.sign == "-":
            return self.word
        what = "unset" if value is None else "empty"
        raise Fault(f"{self.name}: {self.word or f'is not allowed to be {what}'}")


def remove_prefix(value: str, word: str) -> str:
    """``${NAME#word}`` takes the shortest match away, ``##`` the longest."""
    greedy = word.startswith("#")
    pattern = word[1:] if greedy else word
    found = _compile(_pieces(pattern), greedy).match(value)
    return value[found.end() :] if found else value


def remove_suffix(value: str, word: str) -> str:
    """``${NAME%word}`` and ``%%``: the same from the end, so on mirrored texts."""
    greedy = word.startswith("%")
    pattern = word[1:] if greedy else word
    found = _compile(reversed(_pieces(pattern)), greedy).match(value[::-1])
    return value[: len(value) - found.end()] if found else value


def replace(value: str, pattern: str, with_: str, everywhere: bool) -> str:
    """``${NAME/pattern/with}`` replaces the first match, ``//`` all of them."""
    found = _compile(_pieces(pattern), greedy=True)
    done: list[str] = []
    end = 0
    for match in found.finditer(value):
        # An empty match right behind another is none, as Go's regexp has it.
        if not done or match.end() > match.start() or match.start() > end:
            done += (value[end : match.start()], with_)
            end = match.end()
        if not everywhere:
            break
    return "".join(done) + value[end:]


def _compile(pieces: Iterable[str], greedy: bool) -> re.Pattern[str]:
    wild = {"*": ".*" if greedy else ".*?", "?": "."}
    return re.compile(
        "".join(wild.get(piece) or re.escape(piece[-1]) for piece in pieces)
    )


def _pieces(pattern: str) -> list[str]:
    """Split a pattern into wildcards, characters, and escaped characters."""
    pieces: list[str] = []
    chars = iter(pattern)
    for char in chars:
        if char == "\\":
            escaped = next(chars, "")
            if escaped not in _ESCAPABLE:
                raise Fault(
                    f"invalid pattern ({pattern}) in substitution: "
                    f"invalid escape '\\{escaped}'"
                )
            pieces.append(char + escaped)
        elif char != "*" or pieces[-1:] != ["*"]:  # two stars are as good as one
            pieces.append(char)
    return pieces
