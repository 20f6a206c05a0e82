"""What is wrong with a Dockerfile, and where.

Deep inside, where a word is read, nobody knows the line: there it is a ``Fault``.
Whoever holds the instruction turns it into a ``DockerfileError`` by ``located``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from labkit.base.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file that something covers: counted from 1, both included."""

    first: int
    last: int


class Fault(Exception):
    """What is wrong with a piece of an instruction; the text is Docker's."""


class DockerfileError(InvalidInputError):
    """A Dockerfile can't be built as it is written."""

    def __init__(self, reason: str, lines: Lines) -> None:
        super().__init__(f"dockerfile parse error on line {lines.first}: {reason}")
        self.reason = reason
        self.lines = lines


@contextmanager
def located(lines: Lines) -> Iterator[None]:
    """Say on which lines a fault was found."""
    try:
        yield
    except Fault as fault:
        raise DockerfileError(str(fault), lines) from fault
