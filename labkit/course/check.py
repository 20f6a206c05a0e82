"""The course lint for chapters: what can be known without running a step.

Each rule is one function and one row in ``RULES``; it yields findings that name the
file and the line. Whether the exercises are right is proved elsewhere, by running
their solutions.
"""

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from types import MappingProxyType

from markdown_it import MarkdownIt

from labkit.base.errors import InvalidInputError
from labkit.course.covers import Command, find_uncovered
from labkit.course.figures import list_figures
from labkit.course.load import write_markdown
from labkit.course.markdown import heading_anchor
from labkit.course.model import Block, Chapter, Note, Prose
from labkit.course.suggest import suggest
from labkit.grading.expect import parse_expectation


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend in a chapter."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Known:
    """What chapters may refer to."""

    commands: tuple[Command, ...]
    exercises: Set[str]


def check_chapter(chapter: Chapter, known: Known) -> tuple[Problem, ...]:
    """Apply every rule to a chapter."""
    return tuple(
        Problem(chapter.path.name, line, text)
        for rule in RULES
        for line, text in rule(chapter, known)
    )


Findings = Iterator[tuple[int, str]]


def _covers(chapter: Chapter, known: Known) -> Findings:
    rows = {command.id: command for command in known.commands}
    for step in chapter.steps:
        for row in step.covers:
            if row not in rows:
                yield step.line, f"no command {row!r}{suggest(row, rows)}"
    for command in find_uncovered(chapter, known.commands):
        yield 1, f"no step covers {command.id!r}: {command.text}"


def _needs(chapter: Chapter, _: Known) -> Findings:
    seen: set[str] = set()
    for step in chapter.steps:
        for need in step.needs:
            if need not in seen:
                yield (
                    step.line,
                    (
                        f"step {step.id!r} needs {need!r}, which is no step before it"
                        f"{suggest(need, seen)}"
                    ),
                )
        seen.add(step.id)


def _expectations(chapter: Chapter, _: Known) -> Findings:
    for step in chapter.steps:
        for expectation in step.expect:
            try:
                parse_expectation(expectation, MappingProxyType({}))
            except InvalidInputError as error:
                yield step.line, f"step {step.id!r}: {error}"


def _exercises(chapter: Chapter, known: Known) -> Findings:
    placed = {place.id for place in chapter.exercises}
    for place in chapter.exercises:
        if place.id not in known.exercises:
            yield (
                place.line,
                (f"no exercise {place.id!r}{suggest(place.id, known.exercises)}"),
            )
    prefix = f"c{chapter.number:02d}-"
    for exercise in sorted(known.exercises - placed):
        if exercise.startswith(prefix):
            yield 1, f"exercise {exercise!r} has no place in the chapter"


def _figures(chapter: Chapter, _: Known) -> Findings:
    for line, text in _texts(chapter.blocks):
        for alternative, name in list_figures(text):
            if not (chapter.path.parent / "figures" / name).is_file():
                yield line, f"no figure {name!r}"
            if len(alternative) < 20:
                yield line, f"figure {name!r} does not say in words what it shows"


def _links(chapter: Chapter, _: Known) -> Findings:
    """Links inside the chapter lead to a heading; the others are web addresses."""
    texts = list(_texts(chapter.blocks))
    anchors = {
        heading_anchor(title)
        for _, text in texts
        for title in re.findall(r"^#+[ \t]+(.+)$", text, re.MULTILINE)
    }
    for line, text in texts:
        for target in _link_targets(text):
            if target.startswith("#") and target[1:] not in anchors:
                yield line, f"no heading {target!r}{suggest(target[1:], anchors)}"
            elif not re.match(r"#|https?://", target):
                yield line, f"link {target!r} is neither a heading nor a web address"


def _round_trip(chapter: Chapter, _: Known) -> Findings:
    """Written back, a chapter is the file it was; else blank lines are odd."""
    have = chapter.path.read_text("utf-8").splitlines()
    for number, line in enumerate(write_markdown(chapter).splitlines(), start=1):
        if number > len(have) or have[number - 1] != line:
            yield number, "one blank line goes between blocks, and none beside a fence"
            return


def _texts(blocks: tuple[Block, ...]) -> Iterator[tuple[int, str]]:
    for block in blocks:
        if isinstance(block, (Prose, Note)):
            yield block.line, block.text


def _link_targets(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


RULES: tuple[Callable[[Chapter, Known], Findings], ...] = (
    _covers,
    _needs,
    _expectations,
    _exercises,
    _figures,
    _links,
    _round_trip,
)
