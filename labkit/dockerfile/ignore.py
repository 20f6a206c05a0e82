"""``.dockerignore``: which files of a context a build never sees.

A line is a wildcard, to which ``**`` adds any number of folders; it means what it
matches, and all below that. ``!`` in front takes files back in. Of the lines that
mean a file the last one counts.
"""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.match import ONE, STAR, has_wildcards, join, pieces
from labkit.dockerfile.spaces import SPACES

_BOM = "\ufeff"
_FOLDERS = "(?:.*/)?"
_EARLY_FOLDERS = "(?:.*?/)??"


@dataclass(frozen=True, slots=True)
class IgnorePattern:
    """One line; ``is_exception`` is the ``!``."""

    text: str
    is_exception: bool
    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The lines of an ignore file, in their order."""

    patterns: tuple[IgnorePattern, ...] = ()

    @property
    def has_exceptions(self) -> bool:
        return any(pattern.is_exception for pattern in self.patterns)

    def excludes(self, path: str) -> bool:
        """Say whether a path, relative to the context, is left out."""
        excluded = False
        for pattern in self.patterns:
            if pattern.is_exception == excluded and pattern.regex.match(path):
                excluded = not pattern.is_exception
        return excluded

    def may_take_back_below(self, folder: str) -> bool:
        """Say whether an exception could mean something below an excluded folder."""
        inside = f"{folder}/"
        return any(
            has_wildcards(pattern.text) or f"{pattern.text}/".startswith(inside)
            for pattern in self.patterns
            if pattern.is_exception
        )


def read_ignore_file(text: str) -> IgnoreRules:
    """Read the lines of an ignore file.

    Raises:
        Fault: a line is no pattern.
    """
    lines = text.removeprefix(_BOM).split("\n")
    cleaned = (_clean(line) for line in lines if not line.startswith("#"))
    return compile_patterns(line for line in cleaned if line)


def compile_patterns(lines: Iterable[str]) -> IgnoreRules:
    """Make rules of patterns, such as those of ``COPY --exclude``.

    Raises:
        Fault: one of them is no pattern.
    """
    patterns = (_compile(line) for line in lines if line.strip(SPACES))
    return IgnoreRules(tuple(patterns))


def _clean(line: str) -> str:
    """Make a line relative to the context."""
    line = line.strip(SPACES)
    if not line:
        return ""
    mark = "!" if line.startswith("!") else ""
    path = line.removeprefix("!").strip(SPACES)
    if path:
        path = _clean_path(path)
        if len(path) > 1:
            path = path.removeprefix("/")
    return mark + path


def _clean_path(path: str) -> str:
    cleaned = posixpath.normpath(path)
    # POSIX leaves two leading slashes alone, Go doesn't.
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _compile(line: str) -> IgnorePattern:
    text = _clean_path(line.strip(SPACES))
    is_exception = text.startswith("!")
    text = text.removeprefix("!")
    if not text:
        raise Fault('illegal exclusion pattern: "!"')
    # A file below one that is meant is meant itself.
    regex = re.compile(_join(_with_folders(list(pieces(text)))) + r"(?:/|\Z)")
    return IgnorePattern(text, is_exception, regex)


def _with_folders(found: list[str]) -> list[str]:
    """Read two stars side by side as any number of folders, or as all that is left."""
    regex: list[str] = []
    at = 0
    while at < len(found):
        if found[at : at + 2] != [STAR, STAR]:
            regex.append(found[at])
            at += 1
            continue
        at += 2
        if found[at : at + 1] == ["/"]:
            at += 1
        piece = ".*" if at == len(found) else _FOLDERS
        if regex[-1:] != [piece]:
            regex.append(piece)
    return regex


def _join(found: list[str]) -> str:
    """Make one expression that tries no more ways than it has to.

    Between folders that may be any, what ends in a slash is found as early as can be:
    nothing that comes behind it could gain by a later place. A class spoils that, for
    it may mean a slash.
    """
    if (
        any(piece.startswith("[") and piece not in (STAR, ONE) for piece in found)
        or "." in found
    ):
        return "".join(found)
    runs: list[list[str]] = [[]]
    for piece in found:
        if piece == _FOLDERS:
            runs.append([])
        else:
            runs[-1].append(piece)
    first, *rest = runs
    text = join(first)
    for at, run in enumerate(rest, start=1):
        settled = at < len(rest) and run[-1:] == ["/"]
        early = f"(?>{_EARLY_FOLDERS}{join(run)})"
        text += early if settled else f"{_FOLDERS}{join(run)}"
    return text
