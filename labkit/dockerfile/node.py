"""A Dockerfile after its first phase: instructions as nodes with their lines."""

import json
from dataclasses import dataclass

from labkit.dockerfile.errors import Lines


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: ``<<NAME`` and the lines up to the one that says ``NAME``.

    ``expand`` is false where a part of the name was quoted; ``chomp`` is ``<<-``.
    ``content`` is as it stands in the file.
    """

    name: str
    expand: bool
    chomp: bool
    descriptor: int = 0
    content: str = ""

    @property
    def text(self) -> str:
        """The content without the tabs that ``<<-`` strips."""
        if not self.chomp:
            return self.content
        lines = self.content.splitlines(keepends=True)
        return "".join(line.lstrip("\t") for line in lines)


@dataclass(frozen=True, slots=True)
class Node:
    """One instruction: its keyword as written, flags and arguments apart.

    ENV and LABEL have three arguments for each pair: name, value, and ``=`` or an
    empty word for the old form without it. ``child`` is what ONBUILD holds.
    """

    keyword: str
    original: str
    lines: Lines
    flags: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    is_json: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    comments: tuple[str, ...] = ()
    child: "Node | None" = None

    @property
    def name(self) -> str:
        return self.keyword.upper()


@dataclass(frozen=True, slots=True)
class Directive:
    """``# name=value`` at the very top of a file."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class EmptyContinuation:
    """An instruction that goes on after an empty line: a warning."""

    lines: Lines
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole Dockerfile as nodes."""

    nodes: tuple[Node, ...]
    escape: str
    directives: tuple[Directive, ...]
    warnings: tuple[EmptyContinuation, ...]

    def directive(self, name: str) -> str:
        """Return the value of a directive, or an empty word."""
        return next((one.value for one in self.directives if one.name == name), "")


def dump(document: Document) -> str:
    """Print nodes as nested lists, an instruction a line, for people and tests."""
    return "".join(f"({_dump(node)})\n" for node in document.nodes)


def _dump(node: Node) -> str:
    words = [node.keyword.lower()]
    if node.flags:
        words.append("[" + " ".join(_quote(flag) for flag in node.flags) + "]")
    words += [_quote(argument) for argument in node.arguments]
    if node.child is not None:
        return " ".join([*words, f"({_dump(node.child)})"])
    words += [f"<<{_quote(one.content)}" for one in node.heredocs]
    return " ".join(words)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
