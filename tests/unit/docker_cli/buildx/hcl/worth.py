"""What an expression is worth, for tests of those who read and work it out."""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.docker_cli.buildx.hcl.evaluate import evaluate
from labkit.docker_cli.buildx.hcl.expressions import parse_expression
from labkit.docker_cli.buildx.hcl.functions import Function
from labkit.docker_cli.buildx.hcl.scanner import Scanner
from labkit.docker_cli.buildx.hcl.tree import Expression, Value


@dataclass(frozen=True)
class Names:
    """A scope of these names; ``twice`` is a function."""

    names: Mapping[str, Value]

    def variable(self, name: str) -> Value:
        return self.names[name]

    def function(self, name: str) -> Function | None:
        return (lambda value: value * 2) if name == "twice" else None

    def worth(self, expression: Expression) -> Value:
        return evaluate(expression, self)


def worth(text: str, **names: Value) -> Value:
    """Read an expression that is the whole text, and work it out."""
    scanner = Scanner("f", text)
    value = Names(names).worth(parse_expression(scanner))
    scanner.skip(ends=True)
    assert scanner.is_over(), scanner.place()
    return value
