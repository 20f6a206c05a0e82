"""Bake files' variables, functions and matrices: bodies to plain groups and targets.

    variable "TAG" { default = "dev" }          the environment goes before it
    function "twice" { params = [x], result = "${x}${x}" }
    target "app" {
      name = "app-${v}"                         a target for each value
      matrix = { v = ["1", "2"] }
      tags = ["app:${TAG}-${v}"]
    }

All files make one scope, and later ones go before earlier ones. A value is worked out
when it is asked for first, so the order in which things stand says nothing.
"""

import csv
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.base.machine import host_architecture
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.evaluate import Inner, Scope, evaluate
from labkit.docker_cli.buildx.hcl.expressions import number
from labkit.docker_cli.buildx.hcl.functions import Function, as_text
from labkit.docker_cli.buildx.hcl.tree import (
    Block,
    Body,
    Call,
    Expression,
    ListOf,
    Literal,
    Name,
    Value,
)

_LISTS_WITHOUT_EMPTY = ("tags", "platforms", "output", "cache-from", "cache-to")
_BLOCKS = ("variable", "target", "group", "function")
GROWING = ("args", "labels", "contexts", "extra-hosts")
"""The maps that a later file, or who inherits, adds to."""
_BUILTINS: dict[str, Value] = {
    "BAKE_CMD_CONTEXT": "cwd://",
    "BAKE_LOCAL_PLATFORM": f"linux/{host_architecture()}",
}


Attributes = dict[str, Expression]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as ``--list=variables`` shows it."""

    name: str
    value: Value
    description: str


@dataclass(slots=True)
class Terms:
    """What names mean in all files together; ``environ`` goes before defaults."""

    environ: Mapping[str, str]
    variables: dict[str, Attributes] = field(default_factory=dict)
    checks: dict[str, list[Block]] = field(default_factory=dict)
    functions: dict[str, Body] = field(default_factory=dict)
    targets: dict[str, list[Attributes]] = field(default_factory=dict)
    """What each file says of a target."""
    groups: dict[str, Attributes] = field(default_factory=dict)
    _values: dict[str, Value] = field(default_factory=dict)
    _asked: list[str] = field(default_factory=list)

    def add(self, body: Body) -> None:
        """Add a file's blocks to those that were there.

        Raises:
            BuildxError: there is no such block.
        """
        for name, value in body.attributes.items():
            self.variables[name] = {"default": value}
        for block in body.blocks:
            self._add(block)

    def _add(self, block: Block) -> None:
        if len(block.labels) != 1 or block.kind not in _BLOCKS:
            raise BuildxError(f"{block.place}: there is no block {block.kind!r} here")
        (name,), body = block.labels, block.body
        if block.kind == "variable":
            self.checks[name] = [*body.blocks]
            self.variables.setdefault(name, {}).update(body.attributes)
        elif body.blocks:
            inner = body.blocks[0]
            raise BuildxError(
                f"{inner.place}: {inner.kind} needs a '=' before its braces"
            )
        elif block.kind == "function":
            self.functions[name] = body
        elif block.kind == "group":
            self.groups.setdefault(name, {}).update(body.attributes)
        else:
            self.targets.setdefault(name, []).append(dict(body.attributes))

    # -- a scope

    def variable(self, name: str) -> Value:
        if name not in self._values:
            if name in self._asked:
                raise BuildxError(f"variable {name!r} needs itself")
            self._asked.append(name)
            try:
                self._values[name] = self._work_out(name)
            finally:
                self._asked.remove(name)
        return self._values[name]

    def function(self, name: str) -> Function | None:
        body = self.functions.get(name)
        return None if body is None else _function(self, name, body)

    def _work_out(self, name: str) -> Value:
        if name == "target":
            return {
                one: {
                    key: value
                    for body in bodies
                    for key, expression in body.items()
                    if (value := _tried(expression, self)) is not None
                }
                for one, bodies in self.targets.items()
            }
        if name not in self.variables:
            return _BUILTINS[name]
        about = self.variables[name]
        default = about.get("default")
        value = None if default is None else evaluate(default, self)
        text = self.environ.get(name)
        if text is not None:
            value = _typed(name, text, _type_of(about, value))
        elif default is None and "type" not in about:
            value = ""
        self._check(name, value)
        return value

    def _check(self, name: str, value: Value) -> None:
        inner = Inner(self, {name: value})
        for block in self.checks.get(name, ()):
            rules = block.body.attributes
            if block.kind != "validation" or "condition" not in rules:
                continue
            if evaluate(rules["condition"], inner) is not True:
                said = rules.get("error_message")
                reason = as_text(evaluate(said, inner)) if said else "it is not allowed"
                raise BuildxError(f"{block.place}: variable {name!r}: {reason}")


def list_variables(terms: Terms) -> list[Variable]:
    """Return all variables with their values."""
    return [
        Variable(
            name,
            terms.variable(name),
            as_text(evaluate(about["description"], terms))
            if "description" in about
            else "",
        )
        for name, about in sorted(terms.variables.items())
    ]


def work_out(terms: Terms) -> dict[str, Any]:
    """Return groups and targets as a JSON bake file has them.

    Raises:
        BuildxError: an expression has no value.
    """
    targets: dict[str, Any] = {}
    groups: dict[str, Any] = {
        name: _values([body], terms) for name, body in terms.groups.items()
    }
    for name, bodies in terms.targets.items():
        about = {key: value for body in bodies for key, value in body.items()}
        if "matrix" not in about:
            targets[name] = _values(bodies, terms)
            continue
        made = {}
        for inner in _rows(name, about, terms):
            made[as_text(evaluate(about["name"], inner))] = _values(bodies, inner)
        targets |= made
        groups.setdefault(name, {"targets": [*made]})
    return {"group": groups, "target": targets}


def _rows(name: str, about: Attributes, terms: Terms) -> Iterator[Inner]:
    """Yield a scope for each target that a matrix makes."""
    place, matrix = about["matrix"].place, evaluate(about["matrix"], terms)
    if not isinstance(matrix, dict):
        raise BuildxError(f"{place}: a matrix has to be a map of lists")
    if "name" not in about:
        raise BuildxError(f"{place}: target {name!r} has a matrix and no name")
    lists = [one if isinstance(one, list) else [one] for one in matrix.values()]
    for row in itertools.product(*lists):
        yield Inner(terms, dict(zip(matrix, row, strict=True)))


def _values(bodies: Iterable[Attributes], scope: Scope) -> dict[str, Any]:
    """Work out what files say of a target; what comes to nothing isn't said."""
    found: dict[str, Any] = {}
    for body in bodies:
        for key, expression in body.items():
            if key in ("matrix", "name"):
                continue
            value = _tidy(key, evaluate(expression, scope))
            if key in GROWING and isinstance(value, dict):
                value = {**(found.get(key) or {}), **value}
            if value is not None:
                found[key] = value
    return found


def _tidy(key: str, value: Any) -> Any:
    """Turn what is in maps into texts, and leave out what is empty."""
    if key in GROWING and isinstance(value, dict):
        return {k: as_text(v) for k, v in value.items() if v is not None}
    if key in _LISTS_WITHOUT_EMPTY and isinstance(value, list):
        return [one for one in value if one not in ("", None)]
    return value


def _tried(expression: Expression, scope: Scope) -> Value:
    """Return a target's value for others, or nothing if it can't be had from there."""
    try:
        return evaluate(expression, scope)
    except BuildxError:
        return None  # a name of a matrix, say: who needs it is told that it isn't there


def _function(scope: Scope, name: str, body: Body) -> Function:
    params = _words(body.attributes.get("params"))
    rest = _words(body.attributes.get("variadic_params"))
    result = body.attributes.get("result")

    def call(*values: Value) -> Value:
        if len(values) < len(params) or (not rest and len(values) > len(params)):
            raise ValueError(f"{name} takes {len(params)} arguments")
        if result is None:
            raise ValueError(f"{name} has no result")
        names: dict[str, Value] = dict(zip(params, values, strict=False))
        if rest:
            names[rest[0]] = [*values[len(params) :]]
        return evaluate(result, Inner(scope, names))

    return call


def _words(expression: Expression | None) -> list[str]:
    """Return the names in ``[a, b]``, or in ``a``: they are words, not variables."""
    if isinstance(expression, ListOf):
        return [word for one in expression.items for word in _words(one)]
    if isinstance(expression, Name):
        return [expression.name]
    return [str(expression.value)] if isinstance(expression, Literal) else []


def _type_of(about: Mapping[str, Expression], default: Value) -> str:
    found = about.get("type")
    if isinstance(found, Name | Call):
        return found.name
    if isinstance(found, Literal):
        return str(found.value)
    return next((name for kind, name in _TYPES if isinstance(default, kind)), "string")


_TYPES = ((bool, "bool"), (int | float, "number"), (list, "list"), (dict, "map"))


def _typed(name: str, text: str, kind: str) -> Value:
    """Read a variable of the environment as what it has to be."""
    try:
        return _READERS.get(kind, str)(text)
    except ValueError as error:
        raise BuildxError(f"variable {name!r}: {text!r} is no {kind}") from error


def _list(text: str) -> Value:
    if text.lstrip().startswith("["):
        return [*json.loads(text)]
    return [*next(csv.reader([text]), [])]


def _truth(text: str) -> Value:
    if text.lower() in ("1", "t", "true", "0", "f", "false"):
        return text.lower() in ("1", "t", "true")
    raise ValueError(text)


_READERS: dict[str, Callable[[str], Value]] = {
    "bool": _truth,
    "number": number,
    "list": _list,
    "set": _list,
    "tuple": _list,
    "map": json.loads,
    "object": json.loads,
}


def gather(bodies: Iterable[Body], environ: Mapping[str, str]) -> Terms:
    """Make one scope of files."""
    terms = Terms(environ)
    for body in bodies:
        terms.add(body)
    return terms
