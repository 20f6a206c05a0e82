"""YAML as a tree that remembers on which line each part stood.

PyYAML's loader forgets positions, so the tree is built here from its nodes. Two
habits of YAML that would bite an author are errors: a key written twice, and a key
that is no text (``on:`` is ``True``, ``8081:`` a number).
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from labkit.base.errors import InvalidInputError

Place = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: its tree, and the line of each place in it."""

    path: Path
    tree: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest place around it."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)

    def error(self, place: Place, problem: str) -> InvalidInputError:
        """Make an error that says where it is: ``FILE:LINE: checks.0.id: ...``."""
        where = ".".join(str(step) for step in place)
        prefix = f"{where}: " if where else ""
        return InvalidInputError(
            f"{self.path.name}:{self.line(place)}: {prefix}{problem}"
        )


def parse_source(path: Path, text: str) -> Source:
    """Parse YAML.

    Raises:
        InvalidInputError: it is no YAML, or has a key twice; with file and line.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "not readable as YAML"
        raise InvalidInputError(f"{path.name}:{line}: {problem}") from error
    finally:
        loader.dispose()
    if node is None:
        raise InvalidInputError(f"{path.name}:1: the file is empty")
    lines: dict[Place, int] = {}
    try:
        tree = _build(path, node, (), lines)
    except RecursionError as error:
        problem = "an alias stands within what it names, or all is nested too deep"
        raise InvalidInputError(f"{path.name}:1: {problem}") from error
    return Source(path, tree, lines)


def suggest(word: str, known: Iterable[str]) -> str:
    """Return ``(did you mean X?)`` for a near miss, and nothing otherwise."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _build(path: Path, node: Any, place: Place, lines: dict[Place, int]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(path, item, (*place, index), lines)
            for index, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(path, node, place, lines)
    return _scalar(path, node)


def _build_mapping(
    path: Path, node: yaml.MappingNode, place: Place, lines: dict[Place, int]
) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key, str):
            raise InvalidInputError(f"{path.name}:{line}: a key must be a text")
        if key in tree:
            raise InvalidInputError(f"{path.name}:{line}: key {key!r} is there twice")
        tree[key] = _build(path, value_node, (*place, key), lines)
        lines[(*place, key)] = line
    return tree


def _scalar(path: Path, node: yaml.ScalarNode) -> Any:
    """Read a plain value by YAML's own rules (``true``, ``8081``, ``~``, text)."""
    constructor = yaml.constructor.SafeConstructor()
    try:
        return constructor.construct_object(node)
    except (yaml.YAMLError, ValueError) as error:  # a tag, a thirteenth month
        line = node.start_mark.line + 1
        problem = getattr(error, "problem", None) or f"{node.value!r}: {error}"
        raise InvalidInputError(f"{path.name}:{line}: {problem}") from error
