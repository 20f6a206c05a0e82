"""A verb's help page, which is the table of its flags as well.

The page lies beside the verb's module as text, unwrapped. What stands in braces at the
end of a flag's line says when the flag is there: ``{1.44}`` from that API version on,
``{windows}``, ``{experimental}`` and ``{swarm}`` for engines of that kind.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_HERE = os.path.dirname(os.path.abspath(__file__))
_OPTIONS = "\nOptions:\n"
_NARROWEST = 24
_SLOP = 5


class Flag:
    """One flag: its names, the kind of its value, and what the page says of it."""

    __slots__ = ("kind", "mark", "name", "short", "usage")

    def __init__(self, short: str, name: str, kind: str, usage: str, mark: str) -> None:
        self.short = short
        self.name = name
        self.kind = kind
        self.usage = usage
        self.mark = mark

    @property
    def default(self) -> str:
        """Return what the page says of the default, or nothing."""
        _, found, rest = self.usage.rpartition("(default ")
        return rest.rstrip(")").strip('"') if found else ""

    @property
    def described(self) -> str:
        """Return the flag as error messages name it: ``-a, --all``."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


class Page:
    """A help page: what stands above the flags, and the flags."""

    __slots__ = ("flags", "head")

    def __init__(self, head: str, flags: Sequence[Flag]) -> None:
        self.head = head
        self.flags = flags

    @property
    def usage(self) -> str:
        """Return the line of the usage, or two, without the word."""
        return self.head.partition("\n\n")[0].removeprefix("Usage:  ")


def read_text(name: str) -> str:
    """Return the text of a page of this package, such as ``container/run``."""
    with open(os.path.join(_HERE, f"{name}.txt"), encoding="utf-8") as file:
        return file.read()


def read_page(name: str) -> Page:
    """Return the page of a verb."""
    return parse_page(read_text(name))


def parse_page(text: str) -> Page:
    """Split a page into its head and its flags."""
    head, _, options = text.partition(_OPTIONS)
    return Page(head.rstrip("\n"), parse_flags(options))


def parse_flags(options: str) -> list[Flag]:
    """Read lines of flags; a line that begins further right goes on."""
    flags: list[Flag] = []
    column = 0
    for line in options.splitlines():
        stripped = line.lstrip(" ")
        if stripped.startswith("-") and len(line) - len(stripped) <= 6:
            left, usage = _split(stripped)
            column = len(line) - len(usage)
            flags.append(_flag(left, usage))
        elif stripped:
            flags[-1].usage += "\n" + line[column:]
    return flags


def _split(line: str) -> tuple[str, str]:
    left, _, right = line.partition("   ")
    return left, right.lstrip(" ")


def _flag(left: str, usage: str) -> Flag:
    short = ""
    if not left.startswith("--"):
        short, left = left[1], left[4:]
    name, _, kind = left[2:].partition(" ")
    mark = ""
    if usage.endswith("}"):
        usage, _, mark = usage[:-1].rpartition(" {")
    return Flag(short, name, kind, usage, mark)


def help_text(page: Page, width: int) -> str:
    """Return the whole page for a terminal of this width."""
    if not page.flags:
        return page.head + "\n"
    return f"{page.head}\n{_OPTIONS}{flag_usages(page.flags, width)}\n"


def flag_usages(flags: Sequence[Flag], width: int) -> str:
    """Return the lines of the flags, wrapped as pflag wraps them."""
    lefts = [_left(flag) for flag in flags]
    indent = max(len(left) for left in lefts) + 3
    lines = [
        f"{left:<{indent}}{_wrap(indent, width - 1, flag.usage)}"
        for left, flag in zip(lefts, flags, strict=True)
    ]
    return "\n".join(line.rstrip() for line in lines)


def _left(flag: Flag) -> str:
    short = f"  -{flag.short}, " if flag.short else "      "
    return f"{short}--{flag.name} {flag.kind}".rstrip()


def _wrap(indent: int, width: int, text: str) -> str:
    room = width - indent
    start = ""
    if room < _NARROWEST:
        indent = 16
        room = width - indent
        start = "\n" + " " * indent
    if room < _NARROWEST:
        return text.replace("\n", start)
    margin = "\n" + " " * indent
    line, rest = _first_line(room - _SLOP, text)
    wrapped = start + line.replace("\n", margin)
    while rest:
        line, rest = _first_line(room - _SLOP, rest)
        wrapped += margin + line.replace("\n", margin)
    return wrapped


def _first_line(room: int, text: str) -> tuple[str, str]:
    if room + _SLOP > len(text):
        return text, ""
    begin = text[:room]
    end = max(begin.rfind(" "), begin.rfind("\t"), begin.rfind("\n"))
    if end <= 0:
        return text, ""
    newline = begin.rfind("\n")
    if 0 < newline < end:
        end = newline
    return text[:end], text[end + 1 :]
