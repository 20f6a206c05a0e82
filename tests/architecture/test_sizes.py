"""Files, functions and classes stay small enough to read (CONTRIBUTING, Shape)."""

import ast
import functools

import pytest

from tests.architecture import exemptions
from tests.architecture.source import ROOT, Module, body_lines, functions, modules

FILE_LINES = 500
FUNCTION_LINES = 50
CLASS_LINES = 250
PARAMETERS = 6


def short(module: Module) -> str:
    return str(module.path.relative_to(ROOT))


@functools.cache
def over_long() -> dict[str, list[str]]:
    """Collect everything over its limit: kind -> where."""
    found: dict[str, list[str]] = {"file": [], "function": [], "class": [], "many": []}
    for module in modules():
        path = short(module)
        if module.text.count("\n") > FILE_LINES:
            found["file"].append(path)
        for function in functions(module):
            where = f"{path}:{function.name}"
            if body_lines(function) > FUNCTION_LINES:
                found["function"].append(where)
            arguments = function.args
            count = len(arguments.posonlyargs + arguments.args + arguments.kwonlyargs)
            if arguments.args and arguments.args[0].arg in ("self", "cls"):
                count -= 1
            if count > PARAMETERS and path not in exemptions.MANY_PARAMETERS:
                found["many"].append(where)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > CLASS_LINES:
                    found["class"].append(f"{path}:{node.name}")
    return found


@pytest.mark.parametrize(
    ("kind", "exempt"),
    [
        ("file", exemptions.LONG_FILES),
        ("function", exemptions.LONG_FUNCTIONS),
        ("class", exemptions.LONG_CLASSES),
        ("many", exemptions.MANY_PARAMETERS),
    ],
)
def test_nothing_outgrows_the_house_style(kind: str, exempt: dict[str, str]) -> None:
    assert [where for where in over_long()[kind] if where not in exempt] == []


def test_every_exemption_is_still_needed() -> None:
    found = over_long()
    for kind, exempt in (
        ("file", exemptions.LONG_FILES),
        ("function", exemptions.LONG_FUNCTIONS),
        ("class", exemptions.LONG_CLASSES),
    ):
        assert [where for where in exempt if where not in found[kind]] == []
