"""Texts with ``${...}`` in them: quoted, between marks, or of a JSON file."""

import re
from collections.abc import Callable

from labkit.docker_cli.buildx.hcl.scanner import Scanner
from labkit.docker_cli.buildx.hcl.tree import Expression, Literal, Template

Parse = Callable[[Scanner], Expression]
_QUOTED = re.compile(r'(?:[^"\\$%\n]|\$(?!\$?\{)|%(?!%?\{))+')
_PLAIN = re.compile(r"(?:[^$%]|\$(?!\$?\{)|%(?!%?\{))+")
_ESCAPE = re.compile(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HEREDOC = re.compile(r"<<(-?)([A-Za-z_][\w-]*)[ \t]*\r?\n")


def parse_quoted(scanner: Scanner, parse: Parse) -> Expression:
    """Read what follows an opening quote, and the closing one.

    Raises:
        BuildxError: it doesn't end on its line, or an escape is none.
    """
    place, parts = scanner.place(), list[Expression]()
    while not scanner.text.startswith('"', scanner.at):
        if found := scanner.match_here(_QUOTED):
            parts.append(Literal(place, found[0]))
        elif found := scanner.match_here(_ESCAPE):
            parts.append(Literal(place, _unescaped(found)))
        else:
            parts.append(_special(scanner, parse, "a quoted text doesn't end"))
    scanner.at += 1
    return _whole(place, parts)


def parse_heredoc(scanner: Scanner, parse: Parse) -> Expression | None:
    """Read ``<<END``, or ``<<-END`` without what all its lines are indented by."""
    found = scanner.match(_HEREDOC)
    if found is None:
        return None
    last = re.compile(rf"^[ \t]*{re.escape(found[2])}[ \t]*\r?$", re.MULTILINE)
    end = last.search(scanner.text, scanner.at)
    if end is None:
        raise scanner.refuse(f"there is no {found[2]} at the end of the text")
    text = scanner.text[scanner.at : end.start()]
    template = parse_template(
        scanner.place(), _flush(text) if found[1] else text, parse
    )
    scanner.at = end.end()
    return template


def parse_template(name: str, text: str, parse: Parse) -> Expression:
    """Read a text in which backslashes mean nothing.

    Raises:
        BuildxError: an expression in it is none.
    """
    scanner, parts = Scanner(name, text), list[Expression]()
    while not scanner.is_over():
        if found := scanner.match_here(_PLAIN):
            parts.append(Literal(name, found[0]))
        else:
            parts.append(_special(scanner, parse, "a template doesn't end"))
    return _whole(name, parts)


def _special(scanner: Scanner, parse: Parse, otherwise: str) -> Expression:
    rest = scanner.text[scanner.at : scanner.at + 3]
    if rest in ("$${", "%%{"):
        scanner.at += 3
        return Literal(scanner.name, rest[1:])
    if rest.startswith("%{"):
        raise scanner.refuse("%{ if } and %{ for } aren't supported here")
    if not rest.startswith("${"):
        raise scanner.refuse(otherwise)
    scanner.at += 3 if rest == "${~" else 2
    scanner.enter(loose=True)
    expression = parse(scanner)
    scanner.takes("~")
    scanner.expect("}")
    scanner.leave()
    return expression


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return _ESCAPED[found[1]]
    return chr(int(found[2] or found[3], 16))


def _flush(text: str) -> str:
    lines = text.splitlines(keepends=True)
    full = [line for line in lines if line.strip()]
    indent = min((len(line) - len(line.lstrip(" \t")) for line in full), default=0)
    return "".join(line[min(indent, len(line) - 1) :] for line in lines)


def _whole(place: str, parts: list[Expression]) -> Expression:
    if all(isinstance(part, Literal) for part in parts):
        texts = (str(one.value) for one in parts if isinstance(one, Literal))
        return Literal(place, "".join(texts))
    return Template(place, tuple(parts))
