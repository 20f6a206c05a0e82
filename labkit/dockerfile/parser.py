"""Phase 1: the text of a Dockerfile to nodes with their lines.

A line that ends in the escape character goes on in the next one; comments between are
left out, and so are empty lines, with a warning. After an instruction come the lines
of the here-documents that it opens.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from labkit.dockerfile.arguments import parse_arguments
from labkit.dockerfile.directives import DEFAULT_ESCAPE, DirectiveReader
from labkit.dockerfile.errors import DockerfileError, Lines, located
from labkit.dockerfile.heredocs import find_heredocs
from labkit.dockerfile.node import Document, EmptyContinuation, Heredoc, Node
from labkit.dockerfile.spaces import SPACES
from labkit.dockerfile.words import split_instruction

_WITH_HEREDOCS = ("ADD", "COPY", "RUN")
_LONGEST_LINE = 65535
_BOM = "\ufeff"
# The escape ends a line unless another stands before it.
_CONTINUED = {
    escape: re.compile(
        rf"(?:(?<=[^{re.escape(escape)}])|\A){re.escape(escape)}[ \t]*\Z"
    )
    for escape in ("\\", "`")
}


def parse_dockerfile(text: str) -> Document:
    """Read a Dockerfile.

    Raises:
        DockerfileError: what can't be placed; the message names the line.
    """
    return _Parser(text).parse()


def decode(data: bytes) -> str:
    """Turn a Dockerfile's bytes into text; what is no UTF-8 is replaced."""
    return data.decode("utf-8", "replace")


def parse_line(
    line: str,
    lines: Lines,
    escape: str = DEFAULT_ESCAPE,
    comments: tuple[str, ...] = (),
) -> Node:
    """Read one instruction whose continuations are joined already.

    Raises:
        DockerfileError: its arguments can't be split.
    """
    keyword, flags, rest = split_instruction(line, escape)
    name = keyword.upper()
    with located(lines):
        arguments = parse_arguments(name, rest, escape)
    child = _parse_trigger(rest, lines, escape) if name == "ONBUILD" else None
    return Node(
        keyword=keyword,
        original=line,
        lines=lines,
        flags=flags,
        arguments=arguments.words,
        is_json=arguments.is_json,
        comments=comments,
        child=child,
    )


def _parse_trigger(rest: str, lines: Lines, escape: str) -> Node | None:
    if not rest:
        return None
    keyword, _, _ = split_instruction(rest, escape)
    if keyword.upper() == "ONBUILD":  # one level only: what is inside doesn't matter
        return Node(keyword, rest, lines)
    return parse_line(rest, lines, escape)


class _Parser:
    """The state of one walk through a file."""

    def __init__(self, text: str) -> None:
        self._lines = text.removeprefix(_BOM).split("\n")
        if not self._lines[-1]:
            self._lines.pop()  # what comes after the last line's end is no line
        self._at = 0
        self._directives = DirectiveReader()
        self._comments: list[str] = []
        self._warnings: list[EmptyContinuation] = []

    def parse(self) -> Document:
        nodes = tuple(self._nodes())
        if not nodes:
            at = max(self._at, 1)
            raise DockerfileError("file with no instructions", Lines(at, at))
        return Document(
            nodes=nodes,
            escape=self._directives.escape,
            directives=tuple(self._directives.found),
            warnings=tuple(self._warnings),
        )

    def _nodes(self) -> Iterator[Node]:
        while self._at < len(self._lines):
            first = self._at + 1
            line = self._instruction()
            if line is None:
                continue
            lines = Lines(first, self._at)
            node = parse_line(
                line, lines, self._directives.escape, tuple(self._comments)
            )
            self._comments.clear()
            yield self._with_heredocs(node)

    def _take(self) -> str:
        line = self._lines[self._at]
        self._at += 1
        if len(line) > _LONGEST_LINE:
            raise DockerfileError(
                f"dockerfile line greater than max allowed size of {_LONGEST_LINE}",
                Lines(self._at, self._at),
            )
        return line

    def _instruction(self) -> str | None:
        """Read one instruction, its continuations joined; None for any other line."""
        line = self._take().rstrip("\r").lstrip(SPACES)
        with located(Lines(self._at, self._at)):
            is_directive = self._directives.take(line, self._at)
        if line.startswith("#"):
            if not is_directive:
                self._remember_comment(line)
            return None
        first = self._at
        line, goes_on = self._trim(line)
        if not line and not goes_on:
            return None
        pieces, has_empty = [line], False
        while goes_on and self._at < len(self._lines):
            line = self._take().rstrip("\r")
            if line.lstrip(SPACES).startswith("#"):
                continue
            if not line.strip(SPACES):
                has_empty = True
                continue
            line, goes_on = self._trim(line)
            pieces.append(line)
        whole = "".join(pieces)
        if has_empty:
            self._warnings.append(EmptyContinuation(Lines(first, self._at), whole))
        return whole

    def _trim(self, line: str) -> tuple[str, bool]:
        """Take the escape off a line's end, and say whether there was one."""
        trimmed = _CONTINUED[self._directives.escape].sub("", line)
        return trimmed, trimmed != line

    def _remember_comment(self, line: str) -> None:
        """Keep the comment for the next instruction; an empty one ends the block."""
        comment = line[1:].strip(SPACES)
        if comment:
            self._comments.append(comment)
        else:
            self._comments.clear()

    def _with_heredocs(self, node: Node) -> Node:
        inner = node.child or node
        if (
            inner.name not in _WITH_HEREDOCS
            or inner.is_json
            or "<<" not in inner.original
        ):
            return node
        opened = find_heredocs(node.original)
        heredocs = tuple(self._heredoc(one, node.lines) for one in opened)
        lines = Lines(node.lines.first, self._at)
        if node.child is not None:
            node = replace(node, child=replace(inner, heredocs=heredocs, lines=lines))
        return replace(node, heredocs=heredocs, lines=lines)

    def _heredoc(self, heredoc: Heredoc, lines: Lines) -> Heredoc:
        """Read lines up to the one that says the here-document's name."""
        content: list[str] = []
        while self._at < len(self._lines):
            line = self._take()
            end = line.rstrip("\r")
            if (end.lstrip("\t") if heredoc.chomp else end) == heredoc.name:
                return replace(heredoc, content="".join(content))
            content.append(line + "\n")
        raise DockerfileError("unterminated heredoc", lines)
