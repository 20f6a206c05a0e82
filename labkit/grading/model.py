"""Exercises, verdicts and reports, as values."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labkit.grading.checks.model import Family, Finding, Params


class Outcome(enum.Enum):
    """What came of a check, an exercise or a chapter."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_CHECK = "could not check"


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation, worth some points."""

    id: str
    title: str
    family: Family
    params: Params
    points: int
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HintLadder:
    """Three tiers of help, from a nudge to nearly the answer.

    ``when`` is the id of a check, maybe with the field that failed (``by-name`` or
    ``by-name.resolves``); the ladder without it is for everything else.
    """

    tiers: tuple[str, ...]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A script that an author wrote to prove the checks."""

    title: str
    script: str
    caught_by: str | None = None


@dataclass(frozen=True, slots=True)
class Belongings:
    """The names that an exercise or a chapter may make, and reset may remove.

    ``engines`` are the data roots of engines that a chapter starts to play with.
    """

    containers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()

    def __or__(self, other: "Belongings") -> "Belongings":
        return Belongings(
            _union(self.containers, other.containers),
            _union(self.networks, other.networks),
            _union(self.volumes, other.volumes),
            _union(self.images, other.images),
            _union(self.engines, other.engines),
        )


@dataclass(frozen=True, slots=True)
class LiveValue:
    """Something of the learner's own world that the debrief shows."""

    show: str
    container: str | None = None
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise with one learner's values filled in."""

    id: str
    title: str
    chapter: str
    task: str
    checks: tuple[Check, ...]
    hints: tuple[HintLadder, ...]
    solution: str
    owns: Belongings
    setup: str | None = None
    starter: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Attempt, ...] = ()
    wrong: tuple[Attempt, ...] = ()
    debrief: str = ""
    live: Mapping[str, LiveValue] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None

    @property
    def points(self) -> int:
        return sum(check.points for check in self.checks)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one check."""

    check: str
    title: str
    outcome: Outcome
    points: int
    possible: int
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    held_up: bool = False  # one that it needs could not be checked

    @property
    def own_reason(self) -> str | None:
        """Return why it could not be checked, unless it is another one's fault."""
        return None if self.held_up else self.reason


@dataclass(frozen=True, slots=True)
class Grade:
    """What came of one exercise."""

    exercise: str
    title: str
    verdicts: tuple[Verdict, ...]
    debrief: str | None = None

    @property
    def points(self) -> int:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def possible(self) -> int:
        return sum(verdict.possible for verdict in self.verdicts)

    @property
    def outcome(self) -> Outcome:
        return worst(verdict.outcome for verdict in self.verdicts)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Sum outcomes up: an unanswered question outweighs a failure, a failure a pass."""
    seen = set(outcomes)
    for outcome in (Outcome.COULD_NOT_CHECK, Outcome.FAILED):
        if outcome in seen:
            return outcome
    return Outcome.PASSED


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
