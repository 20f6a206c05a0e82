"""Expressions of HCL, read by descent: what binds least comes first."""

import re

from labkit.docker_cli.buildx.hcl.scanner import Scanner
from labkit.docker_cli.buildx.hcl.templates import parse_heredoc, parse_quoted
from labkit.docker_cli.buildx.hcl.tree import (
    Call,
    Choice,
    Expression,
    For,
    Item,
    ListOf,
    Literal,
    MapOf,
    Name,
    Operation,
    Splat,
)

NAME = re.compile(r"[A-Za-z_][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None}
_LEVELS = (
    re.compile(r"\|\|"),
    re.compile(r"&&"),
    re.compile(r"==|!="),
    re.compile(r"<=|>=|<|>"),
    re.compile(r"[+-]"),
    re.compile(r"\*|/(?![/*])|%"),
)
_FOR = re.compile(r"for\b")
_IF = re.compile(r"if\b")
_IN = re.compile(r"in\b")


def parse_expression(scanner: Scanner) -> Expression:
    """Read an expression.

    Raises:
        BuildxError: there is none.
    """
    condition = _binary(scanner, 0)
    if not scanner.takes("?"):
        return condition
    then = parse_expression(scanner)
    scanner.expect(":")
    return Choice(condition.place, condition, then, parse_expression(scanner))


def _binary(scanner: Scanner, level: int) -> Expression:
    if level == len(_LEVELS):
        return _unary(scanner)
    left = _binary(scanner, level + 1)
    while found := scanner.match(_LEVELS[level]):
        right = _binary(scanner, level + 1)
        left = Operation(left.place, found[0], (left, right))
    return left


def _unary(scanner: Scanner) -> Expression:
    place = scanner.place()
    for sign in ("!", "-"):
        if scanner.takes(sign):
            return Operation(place, sign, (_unary(scanner),))
    return _parts(scanner, _term(scanner))


def _parts(scanner: Scanner, whole: Expression) -> Expression:
    """Read what is taken out of a value: ``.name``, ``.0``, ``[key]``, ``[*]``."""
    while True:
        place = scanner.place()
        if scanner.sees("..."):  # of a call's last argument
            return whole
        if scanner.takes(".*") or scanner.takes("[*]"):
            return Splat(place, whole, _parts(scanner, Name(place, "*")))
        if scanner.takes("."):
            found = scanner.match(NAME) or scanner.match(_NUMBER)
            if found is None:
                raise scanner.refuse("a name is missing")
            whole = Item(place, whole, Literal(place, found[0]))
        elif scanner.takes("["):
            scanner.enter(loose=True)
            key = parse_expression(scanner)
            scanner.expect("]")
            scanner.leave()
            whole = Item(place, whole, key)
        else:
            return whole


def _term(scanner: Scanner) -> Expression:
    scanner.skip()
    place = scanner.place()
    if scanner.takes("("):
        scanner.enter(loose=True)
        inner = parse_expression(scanner)
        scanner.expect(")")
        scanner.leave()
        return inner
    if scanner.takes("["):
        return _list(scanner, place)
    if scanner.takes("{"):
        return _map(scanner, place)
    if scanner.takes('"'):
        return parse_quoted(scanner, parse_expression)
    if (text := parse_heredoc(scanner, parse_expression)) is not None:
        return text
    if found := scanner.match(_NUMBER):
        return Literal(place, number(found[0]))
    if found := scanner.match(NAME):
        return _named(scanner, place, found[0])
    raise scanner.refuse("an expression is missing")


def number(text: str) -> int | float:
    """Read a number; a whole one is an integer."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _named(scanner: Scanner, place: str, name: str) -> Expression:
    if name in _WORDS:
        return Literal(place, _WORDS[name])
    if not scanner.takes("("):
        return Name(place, name)
    scanner.enter(loose=True)
    arguments, spread = list[Expression](), False
    while not scanner.sees(")"):
        arguments.append(parse_expression(scanner))
        spread = scanner.takes("...")
        if not scanner.takes(","):
            break
    scanner.expect(")")
    scanner.leave()
    return Call(place, name, tuple(arguments), spread)


def _list(scanner: Scanner, place: str) -> Expression:
    scanner.enter(loose=True)
    found: Expression
    if scanner.match(_FOR):
        found = _for(scanner, place, is_map=False)
    else:
        items = []
        while not scanner.sees("]"):
            items.append(parse_expression(scanner))
            if not scanner.takes(","):
                break
        found = ListOf(place, tuple(items))
    scanner.expect("]")
    scanner.leave()
    return found


def _map(scanner: Scanner, place: str) -> Expression:
    scanner.skip(ends=True)
    if scanner.match(_FOR):
        scanner.enter(loose=True)
        found = _for(scanner, place, is_map=True)
        scanner.expect("}")
        scanner.leave()
        return found
    scanner.enter(loose=False)
    items = []
    while not scanner.takes("}"):
        items.append(_entry(scanner))
        scanner.takes(",")
        scanner.skip(ends=True)
    scanner.leave()
    return MapOf(place, tuple(items))


def _entry(scanner: Scanner) -> tuple[Expression, Expression]:
    is_bare = not scanner.sees("(")
    key = parse_expression(scanner)
    if is_bare and isinstance(key, Name):  # a word is a text, and no variable
        key = Literal(key.place, key.name)
    if not (scanner.takes("=") or scanner.takes(":")):
        raise scanner.refuse("'=' is missing")
    return key, parse_expression(scanner)


def _for(scanner: Scanner, place: str, *, is_map: bool) -> For:
    names = [_word(scanner)]
    if scanner.takes(","):
        names.append(_word(scanner))
    if not scanner.match(_IN):
        raise scanner.refuse("'in' is missing")
    over = parse_expression(scanner)
    scanner.expect(":")
    as_key = None
    if is_map:
        as_key = parse_expression(scanner)
        scanner.expect("=>")
    value = parse_expression(scanner)
    grouped = is_map and scanner.takes("...")
    condition = parse_expression(scanner) if scanner.match(_IF) else None
    key = names[0] if len(names) == 2 else ""
    return For(place, key, names[-1], over, as_key, value, grouped, condition)


def _word(scanner: Scanner) -> str:
    found = scanner.match(NAME)
    if found is None:
        raise scanner.refuse("a name is missing")
    return found[0]
