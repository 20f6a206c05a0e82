"""Whole files: attributes and blocks, written as HCL or as JSON."""

import re
from typing import Any

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.expressions import NAME, parse_expression
from labkit.docker_cli.buildx.hcl.scanner import Scanner
from labkit.docker_cli.buildx.hcl.templates import parse_template
from labkit.docker_cli.buildx.hcl.tree import (
    Block,
    Body,
    Expression,
    ListOf,
    Literal,
    MapOf,
)


def parse_hcl(name: str, text: str) -> Body:
    """Read a file.

    Raises:
        BuildxError: it can't be read; the message says where.
    """
    scanner = Scanner(name, text)
    try:
        return _body(scanner, end="")
    except RecursionError as error:
        raise BuildxError(f"{name}: it is nested too deeply") from error


def _body(scanner: Scanner, end: str) -> Body:
    attributes: dict[str, Expression] = {}
    blocks: list[Block] = []
    while True:
        scanner.skip(ends=True)
        if scanner.takes(end) if end else scanner.is_over():
            return Body(attributes, tuple(blocks))
        place = scanner.place()
        name = scanner.match(NAME)
        if name is None:
            raise scanner.refuse("an attribute or a block is missing")
        if scanner.sees("=") and not scanner.sees("=="):
            scanner.at += 1
            if name[0] in attributes:
                raise BuildxError(f"{place}: attribute {name[0]!r} stands there twice")
            attributes[name[0]] = parse_expression(scanner)
        else:
            blocks.append(_block(scanner, name[0], place))
        _end_of_line(scanner, end)


def _block(scanner: Scanner, kind: str, place: str) -> Block:
    labels = []
    while not scanner.takes("{"):
        if word := scanner.match(NAME):
            labels.append(word[0])
            continue
        if not scanner.sees('"'):
            raise scanner.refuse("'=' or '{' is missing")
        label = parse_expression(scanner)
        if not isinstance(label, Literal):
            raise BuildxError(f"{label.place}: a label can't have variables in it")
        labels.append(str(label.value))
    return Block(kind, tuple(labels), _body(scanner, "}"), place)


def _end_of_line(scanner: Scanner, end: str) -> None:
    scanner.skip()
    rest = scanner.text[scanner.at : scanner.at + 1]
    if rest and rest != "\n" and not (end and rest == end):
        raise scanner.refuse(f"the line should end here, before {rest!r}")


def json_body(name: str, found: dict[str, Any], *, is_plain: bool = False) -> Body:
    """Take a JSON file for what it says; ``is_plain`` texts are no templates.

    Raises:
        BuildxError: a section isn't made of maps, or a template in it is none.
    """
    attributes, blocks = {}, []
    for key, value in found.items():
        if key not in _SECTIONS:
            attributes[key] = _expression(name, value, is_plain)
            continue
        if not isinstance(value, dict):
            raise BuildxError(f"cannot read {name}: {key!r} has to be a map of maps")
        for label, body in value.items():
            if not isinstance(body, dict):
                raise BuildxError(
                    f"cannot read {name}: {key!r} has to be a map of maps"
                )
            inner = {
                one: _expression(name, each, is_plain) for one, each in body.items()
            }
            blocks.append(Block(key, (label,), Body(inner), name))
    return Body(attributes, tuple(blocks))


_DIRECTIVE = re.compile(r"(?<!%)%\{")
_SECTIONS = ("group", "target", "variable", "function")


def _expression(name: str, value: Any, is_plain: bool) -> Expression:
    if isinstance(value, list):
        return ListOf(name, tuple(_expression(name, one, is_plain) for one in value))
    if isinstance(value, dict):
        return MapOf(
            name,
            tuple(
                (Literal(name, key), _expression(name, one, is_plain))
                for key, one in value.items()
            ),
        )
    if isinstance(value, str) and not is_plain:
        text = _DIRECTIVE.sub("%%{", value)  # JSON is a program's: it means a percent
        return parse_template(name, text, parse_expression)
    return Literal(name, value)
