"""What a chapter is made of.

A chapter is front matter and a list of blocks in reading order. The blocks hold the
author's text unchanged, so that a chapter can be written back as the file it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.course.places import Place
from labkit.grading.model import Belongings

Expectation = Mapping[str, Any]
"""What must hold after a step, in the grader's vocabulary of checks."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown that is shown as it is."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """A box beside the text; ``kind`` says how it is meant."""

    kind: str
    title: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class ExercisePlace:
    """Where an exercise stands in the chapter; the exercise itself is elsewhere."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """Shell commands that the learner runs, and what must be so afterwards.

    Attributes:
        script: bash, run with the lab's environment.
        covers: ids of rows in commands.tsv that the step shows.
        expect: what the grader must find afterwards.
        needs: steps whose result this one builds on.
        exit_code: what the script must end with; a step may show a refusal.
        prints: texts of which each must be in the output.
        again: what Docker says when the work was done by an earlier run.
        only: what not every engine and learner has; without it the step is skipped.
        wants: programs that not every machine has; without them it is skipped.
        timeout_seconds: after this long the script is stopped, and has failed.
        head: the option lines as the author wrote them.
    """

    id: str
    script: str
    line: int
    covers: tuple[str, ...] = ()
    expect: tuple[Expectation, ...] = ()
    needs: tuple[str, ...] = ()
    exit_code: int = 0
    prints: tuple[str, ...] = ()
    again: str | None = None
    only: tuple[Place, ...] = ()
    wants: tuple[str, ...] = ()
    timeout_seconds: float = 60.0
    head: tuple[str, ...] = ()


Block = Prose | Note | ExercisePlace | Step


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter of the book."""

    path: Path
    number: int
    title: str
    summary: str
    minutes: int
    front_matter: str
    blocks: tuple[Block, ...]
    owns: Belongings = field(default_factory=Belongings)

    @property
    def name(self) -> str:
        """Return the name that commands use: ``chapter05``."""
        return f"chapter{self.number:02d}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Step))

    @property
    def exercises(self) -> tuple[ExercisePlace, ...]:
        return tuple(block for block in self.blocks if isinstance(block, ExercisePlace))
