"""Directives: fenced blocks such as ``{step} create-net`` that are more than prose.

A directive is one function and one row in ``DIRECTIVES``. It gets the fence's
argument and lines and returns a block, or raises with the line in the file.

A step begins with option lines, ``:name: value``; the rest is its script:

    ```{step} create-net
    :covers: c05-create
    :expect: {network: {name: mongo-net, driver: bridge}}
    docker network create mongo-net
    ```
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import yaml

from labkit.base.errors import InvalidInputError
from labkit.course.model import Block, ExercisePlace, Expectation, Note, Step
from labkit.course.places import Place
from labkit.course.suggest import suggest

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OPTION = re.compile(r":(?P<name>[a-z-]+):[ \t]*(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block as it stands in the file; lines count from one."""

    file: str
    line: int
    argument: str
    lines: tuple[str, ...]

    def error(self, text: str, offset: int = 0) -> InvalidInputError:
        """Return an error that names the line ``offset`` lines below the fence."""
        return InvalidInputError(f"{self.file}:{self.line + offset}: {text}")


def build_block(name: str, fence: Fence) -> Block:
    """Turn a directive's fence into a block."""
    directive = DIRECTIVES.get(name)
    if directive is None:
        raise fence.error(f"unknown directive {name!r}{suggest(name, DIRECTIVES)}")
    return directive(fence)


def parse_step(fence: Fence) -> Step:
    """Read a step; its options come first, each on a line of its own."""
    step_id = _parse_id(fence, "step")
    head = _head_lines(fence)
    script = "\n".join(fence.lines[len(head) :])
    if not script.strip():
        raise fence.error(f"step {step_id!r} has no commands")
    fields: dict[str, Any] = {}
    for offset, line in enumerate(head, start=1):
        match = _OPTION.fullmatch(line)
        assert match is not None  # _head_lines took only such lines
        name, value = match["name"], match["value"].strip()
        if name not in OPTIONS:
            raise fence.error(
                f"unknown option {name!r} of step {step_id!r}{suggest(name, OPTIONS)}",
                offset,
            )
        key, parse = OPTIONS[name]
        try:
            parsed = parse(value)
        except (ValueError, yaml.YAMLError) as error:
            problem = str(error).splitlines()[0]
            raise fence.error(
                f"option {name!r} of step {step_id!r}: {problem}", offset
            ) from error
        if key in fields and isinstance(parsed, tuple):
            parsed = fields[key] + parsed
        elif key in fields:
            raise fence.error(f"option {name!r} of step {step_id!r} twice", offset)
        fields[key] = parsed
    return Step(id=step_id, script=script, line=fence.line, head=tuple(head), **fields)


def parse_exercise(fence: Fence) -> ExercisePlace:
    """Read the place of an exercise; everything else is in its own file."""
    if any(line.strip() for line in fence.lines):
        raise fence.error("an exercise's text belongs into its own file", 1)
    return ExercisePlace(id=_parse_id(fence, "exercise"), line=fence.line)


def parse_note(kind: str) -> Callable[[Fence], Note]:
    """Return the directive for one kind of box."""

    def parse(fence: Fence) -> Note:
        text = "\n".join(fence.lines).strip("\n")
        if not text:
            raise fence.error(f"empty {kind}")
        return Note(kind=kind, title=fence.argument, text=text, line=fence.line)

    return parse


def _head_lines(fence: Fence) -> list[str]:
    head = []
    for line in fence.lines:
        if not _OPTION.fullmatch(line):
            break
        head.append(line)
    return head


def _parse_id(fence: Fence, what: str) -> str:
    if not _ID.fullmatch(fence.argument):
        raise fence.error(
            f"{what} needs an id of lower-case words joined by hyphens, "
            f"found {fence.argument!r}"
        )
    return fence.argument


def _words(value: str) -> tuple[str, ...]:
    if not value:
        raise ValueError("needs a value")
    return tuple(value.split())


def _text(value: str) -> str:
    if not value:
        raise ValueError("needs a value")
    return value


def _expectation(value: str) -> tuple[Expectation, ...]:
    parsed = yaml.safe_load(value)
    if not isinstance(parsed, dict) or not parsed:
        raise ValueError(f"expected a mapping of checks, found {value!r}")
    return (MappingProxyType(parsed),)


def _places(value: str) -> tuple[Place, ...]:
    known = {place.value: place for place in Place}
    for word in _words(value):
        if word not in known:
            raise ValueError(f"no place {word!r}{suggest(word, known)}")
    return tuple(known[word] for word in _words(value))


def _seconds(value: str) -> float:
    seconds = float(value)
    if not 0 < seconds < math.inf:
        raise ValueError(f"expected a time above zero seconds, found {value!r}")
    return seconds


OPTIONS: Mapping[str, tuple[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "covers": ("covers", _words),
        "expect": ("expect", _expectation),
        "needs": ("needs", _words),
        "exit": ("exit_code", int),
        "prints": ("prints", lambda value: (_text(value),)),
        "again": ("again", _text),
        "only": ("only", _places),
        "wants": ("wants", _words),
        "timeout": ("timeout_seconds", _seconds),
    }
)
"""What a step may say: option -> field of Step and how to read the value."""

NOTE_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "note": "Note",
        "tip": "Tip",
        "warning": "Careful",
        "pitfall": "Pitfall",
        "deeper": "Under the hood",
    }
)
"""The kinds of box, and what stands above one: never colour alone."""

DIRECTIVES: Mapping[str, Callable[[Fence], Block]] = MappingProxyType(
    {
        "step": parse_step,
        "exercise": parse_exercise,
        **{kind: parse_note(kind) for kind in NOTE_TITLES},
    }
)
