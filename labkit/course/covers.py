"""The commands that the course promises, and which step shows each of them.

``commands.tsv`` lists every command of the guide: ``run`` means that a step must run
it, ``lab-host`` that it runs inside a Debian container, ``cloud`` against a local
emulator, ``shown`` that the text has it, ``run-or-shown`` either.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from labkit.course.model import Chapter

RUNNING = frozenset({"run", "lab-host", "cloud"})
"""What a step must run; for the rest it is enough that the text has it."""

COMMANDS_FILE = Path(__file__).with_name("commands.tsv")


@dataclass(frozen=True, slots=True)
class Command:
    """One row: a command of the guide that a chapter must show."""

    chapter: int
    id: str
    text: str
    must: str


def read_commands(path: Path = COMMANDS_FILE) -> tuple[Command, ...]:
    """Read the table."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Command(int(chapter), command_id, text, must)
        for chapter, command_id, text, must in rows[1:]
    )


def find_uncovered(
    chapter: Chapter, commands: Iterable[Command]
) -> tuple[Command, ...]:
    """Return what a chapter must run and no step of it covers."""
    covered = {row for step in chapter.steps for row in step.covers}
    return tuple(
        command
        for command in commands
        if command.chapter == chapter.number
        and command.must in RUNNING
        and command.id not in covered
    )


@dataclass(frozen=True, slots=True)
class Coverage:
    """A row of the table and the steps that run it, as ``chapter05/create``."""

    command: Command
    steps: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        return self.command.must in RUNNING and not self.steps


def list_coverage(
    chapters: Iterable[Chapter], commands: Iterable[Command]
) -> tuple[Coverage, ...]:
    """Say of every command of the guide which steps run it."""
    steps: dict[str, list[str]] = defaultdict(list)
    for chapter in chapters:
        for step in chapter.steps:
            for row in step.covers:
                steps[row].append(f"{chapter.name}/{step.id}")
    return tuple(Coverage(command, tuple(steps[command.id])) for command in commands)
