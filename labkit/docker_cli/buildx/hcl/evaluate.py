"""What an expression comes to, given what names mean."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.functions import FUNCTIONS, Function, as_text
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
    Template,
    Value,
)


class Scope(Protocol):
    """What names and functions mean where an expression stands."""

    def variable(self, name: str) -> Value:
        """Return a value, or raise KeyError."""
        ...

    def function(self, name: str) -> Function | None: ...


@dataclass(frozen=True, slots=True)
class Inner:
    """A scope with more names in it."""

    outer: Scope
    names: Mapping[str, Value]

    def variable(self, name: str) -> Value:
        return self.names[name] if name in self.names else self.outer.variable(name)

    def function(self, name: str) -> Function | None:
        return self.outer.function(name)


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return an expression's value.

    Raises:
        BuildxError: a name means nothing, or a value is of the wrong kind.
    """
    return _KINDS[type(expression)](expression, scope)


def _template(one: Template, scope: Scope) -> Value:
    values = [evaluate(part, scope) for part in one.parts]
    if len(values) == 1:
        return values[0]
    with _blaming(one):
        return "".join(as_text(value) for value in values)


def _name(one: Name, scope: Scope) -> Value:
    try:
        return scope.variable(one.name)
    except KeyError:
        raise BuildxError(f"{one.place}: there is no variable {one.name!r}") from None


def _item(one: Item, scope: Scope) -> Value:
    whole, key = evaluate(one.of, scope), evaluate(one.key, scope)
    if isinstance(whole, list):
        with _blaming(one):
            return whole[int(cast(Any, key))]
    if isinstance(whole, dict) and as_text(key) in whole:
        return whole[as_text(key)]
    raise BuildxError(f"{one.place}: there is no {as_text(key)!r} in it")


def _splat(one: Splat, scope: Scope) -> Value:
    whole = evaluate(one.of, scope)
    if whole is None:
        return []
    items = whole if isinstance(whole, list) else [whole]
    return [evaluate(one.each, Inner(scope, {"*": item})) for item in items]


def _call(one: Call, scope: Scope) -> Value:
    if one.name in ("try", "can"):
        return _try(one, scope)
    function = scope.function(one.name) or FUNCTIONS.get(one.name)
    if function is None:
        raise BuildxError(f"{one.place}: there is no function {one.name!r}")
    arguments = [evaluate(each, scope) for each in one.arguments]
    if one.spread:
        last = arguments.pop()
        arguments += last if isinstance(last, list) else [last]
    with _blaming(one):
        return function(*arguments)


def _try(one: Call, scope: Scope) -> Value:
    for each in one.arguments:
        try:
            value = evaluate(each, scope)
        except BuildxError:
            continue
        return True if one.name == "can" else value
    if one.name == "can":
        return False
    raise BuildxError(f"{one.place}: none of try's expressions has a value")


def _operation(one: Operation, scope: Scope) -> Value:
    values = [evaluate(each, scope) for each in one.operands[:1]]
    if one.sign == "&&" and not _truth(values[0], one):
        return False
    if one.sign == "||" and _truth(values[0], one):
        return True
    values += [evaluate(each, scope) for each in one.operands[1:]]
    with _blaming(one):
        return FUNCTIONS[_OPERATIONS[one.sign, len(values)]](*values)


_OPERATIONS = {
    ("!", 1): "not",
    ("-", 1): "negate",
    ("&&", 2): "and",
    ("||", 2): "or",
    ("==", 2): "equal",
    ("!=", 2): "notequal",
    ("<", 2): "lessthan",
    ("<=", 2): "lessthanorequalto",
    (">", 2): "greaterthan",
    (">=", 2): "greaterthanorequalto",
    ("+", 2): "add",
    ("-", 2): "subtract",
    ("*", 2): "multiply",
    ("/", 2): "divide",
    ("%", 2): "modulo",
}


def _choice(one: Choice, scope: Scope) -> Value:
    condition = _truth(evaluate(one.condition, scope), one)
    return evaluate(one.then if condition else one.otherwise, scope)


def _truth(value: Value, one: Expression) -> bool:
    if value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise BuildxError(f"{one.place}: {as_text(value)!r} is neither true nor false")
    return value


def _list(one: ListOf, scope: Scope) -> Value:
    return [evaluate(each, scope) for each in one.items]


def _map(one: MapOf, scope: Scope) -> Value:
    return {
        as_text(evaluate(key, scope)): evaluate(each, scope) for key, each in one.items
    }


def _for(one: For, scope: Scope) -> Value:
    found = list(_rounds(one, scope))
    if one.as_key is None:
        return [evaluate(one.value, inner) for inner in found]
    made: dict[str, Value] = {}
    for inner in found:
        key, value = as_text(evaluate(one.as_key, inner)), evaluate(one.value, inner)
        if one.grouped:
            cast(list[Value], made.setdefault(key, [])).append(value)
        elif key in made:
            raise BuildxError(f"{one.place}: there are two of the key {key!r}")
        else:
            made[key] = value
    return made


def _rounds(one: For, scope: Scope) -> Iterator[Inner]:
    over = evaluate(one.over, scope)
    if not isinstance(over, (list, dict)):
        raise BuildxError(f"{one.place}: {as_text(over)!r} is no list and no map")
    pairs: list[tuple[Any, Value]] = (
        sorted(over.items()) if isinstance(over, dict) else [*enumerate(over)]
    )
    for key, value in pairs:
        names: dict[str, Value] = {one.name: value}
        if one.key:
            names[one.key] = key
        inner = Inner(scope, names)
        if one.condition is None or _truth(evaluate(one.condition, inner), one):
            yield inner


@contextmanager
def _blaming(one: Expression) -> Iterator[None]:
    """Say where a value was that couldn't be worked with."""
    try:
        yield
    except _WRONG as error:
        what = f"call of {one.name}" if isinstance(one, Call) else "value"
        raise BuildxError(f"{one.place}: wrong {what}: {error}") from error


_WRONG = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
_KINDS: dict[type[Expression], Callable[[Any, Scope], Value]] = {
    Literal: lambda one, _: cast(Value, one.value),
    Template: _template,
    Name: _name,
    Item: _item,
    Splat: _splat,
    Call: _call,
    Operation: _operation,
    Choice: _choice,
    ListOf: _list,
    MapOf: _map,
    For: _for,
}
