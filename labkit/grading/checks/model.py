"""What a family of checks is.

A family has a word (``container``, ``resolves``), parameters that an author writes
beneath it, the probes these need, and a pure function from parameters and
observation to findings. No finding means: it holds. A new family is one such
function and one row in ``table.py``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from labkit.base.units import parse_bytes
from labkit.grading.probes import Observation, Probe


class Params(BaseModel):
    """Parameters of a check: closed, so that a slip of the pen is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Port = Annotated[
    int,
    Field(ge=1, le=65535),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 65535},
                {"type": "string", "pattern": r"^\$\{[a-z][a-z0-9_]*\}$"},
            ]
        }
    ),
]
"""A port, or in the file the placeholder of one."""


def _check_size(text: str) -> str:
    try:
        parse_bytes(text.strip())
    except ValueError as error:
        raise ValueError(f"{text!r} is no size such as 64m") from error
    return text


def _check_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


Size = Annotated[str, AfterValidator(_check_size)]
"""A size as ``docker run --memory`` takes it."""

Pattern = Annotated[str, AfterValidator(_check_pattern)]
"""A regular expression."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the world is not as expected."""

    field: str
    expected: str
    found: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Family:
    """A word of the vocabulary."""

    word: str
    params: type[Params]
    probes: Callable[[Any], Iterable[Probe]]
    judge: Callable[[Any, Observation], Iterator[Finding]]
    sentence: Callable[[Any], str]


def listed(names: Iterable[str]) -> str:
    """Spell a set of names for a person: sorted, with commas, or ``none``."""
    return ", ".join(sorted(names)) or "none"


def label_step(name: str, again: str) -> str:
    """Return the way to a label, which only Compose should make if it is Compose's."""
    if name.startswith("com.docker.compose."):
        return (
            "Compose gives this label: remove it, and `docker compose up -d`; numbers "
            "begin again after `docker compose up -d --scale SERVICE=0`"
        )
    return f"labels are given at the making: remove it (its users first), and {again}"


def running_step(name: str, status: str | None) -> str:
    """Return the way to a running container, from what there is now."""
    if status is None:
        return f"make it, by this name: {name}; `docker ps -a` shows what there is"
    if status == "paused":
        return f"`docker unpause {name}`"
    if status in ("exited", "created"):
        return f"`docker start {name}`; `docker logs {name}` tells if it ends again"
    return f"`docker logs {name}` says what it lacks"


def is_user(wanted: str, found: str) -> bool:
    """Say whether a user is the one who is asked for, of whatever group."""
    return found == wanted or (":" not in wanted and found.partition(":")[0] == wanted)


def as_texts(value: object) -> object:
    """Take ``PORT: 80`` and ``DEBUG: true`` as the texts that they become."""
    if not isinstance(value, dict):
        return value
    return {name: _spelled(item) for name, item in value.items()}


def _spelled(item: object) -> object:
    if isinstance(item, bool):
        return str(item).lower()
    return str(item) if isinstance(item, int | float) else item
