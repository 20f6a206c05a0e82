"""Hints: three tiers, picked by what failed, going on from where the learner was.

Which ladder fits is pure: the first verdict that did not pass chooses it, by check
and field, by check, or the general one. How far the learner has climbed each ladder
is in the learner's record.
"""

from dataclasses import dataclass
from typing import Protocol

from labkit.grading.model import Exercise, Grade, HintLadder, Outcome


class HintRecord(Protocol):
    """Who remembers the hints that were given."""

    def hints_taken(self, exercise_id: str, ladder: str) -> int:
        """Return how many tiers of a ladder were given since its exercise began."""

    def record_hint(self, exercise_id: str, ladder: str, tier: int) -> None:
        """Note that a tier was given."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint, and its place on its ladder."""

    text: str
    tier: int
    tiers: int
    about: str | None


def pick_ladder(exercise: Exercise, grade: Grade | None) -> HintLadder:
    """Choose the ladder for the first check that failed."""
    by_name = {ladder.when: ladder for ladder in exercise.hints}
    for verdict in grade.verdicts if grade else ():
        if verdict.outcome is not Outcome.FAILED:
            continue
        for finding in verdict.findings:
            for name in (f"{verdict.check}.{finding.field}", verdict.check):
                if name in by_name:
                    return by_name[name]
        break
    return by_name.get(None) or exercise.hints[0]


def next_hint(exercise: Exercise, grade: Grade | None, record: HintRecord) -> Hint:
    """Return the next hint and remember that it was given; the last one stays."""
    ladder = pick_ladder(exercise, grade)
    name = ladder.when or ""
    tier = min(record.hints_taken(exercise.id, name) + 1, len(ladder.tiers))
    record.record_hint(exercise.id, name, tier)
    return Hint(ladder.tiers[tier - 1], tier, len(ladder.tiers), ladder.when)
