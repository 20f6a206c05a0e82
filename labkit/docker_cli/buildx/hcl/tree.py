"""A bake file as a tree: bodies of attributes and blocks, and expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
"""What an expression comes to: what JSON has."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Something that has a value; ``place`` is where it stands, for people."""

    place: str


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    value: Value


@dataclass(frozen=True, slots=True)
class Template(Expression):
    """Texts and expressions, put together; one expression alone keeps its kind."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Name(Expression):
    name: str


@dataclass(frozen=True, slots=True)
class Item(Expression):
    """``of.key`` and ``of[key]``."""

    of: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Splat(Expression):
    """``of[*].a.b``: what ``each`` is of every item, which has the name ``*`` in it."""

    of: Expression
    each: Expression


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """``name(arguments)``; ``spread`` says that the last is a list of them."""

    name: str
    arguments: tuple[Expression, ...]
    spread: bool


@dataclass(frozen=True, slots=True)
class Operation(Expression):
    """One operand or two with a sign."""

    sign: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class ListOf(Expression):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MapOf(Expression):
    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class For(Expression):
    """``[for key, name in over : value if condition]``; a map has ``as_key``."""

    key: str
    name: str
    over: Expression
    as_key: Expression | None
    value: Expression
    grouped: bool
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Block:
    """``kind "label" { body }``."""

    kind: str
    labels: tuple[str, ...]
    body: Body
    place: str


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between braces, or in a whole file."""

    attributes: Mapping[str, Expression] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
