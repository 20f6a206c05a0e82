"""Hints: three tiers, picked by what failed, going on from where the learner was.

Which ladder fits is pure: the first verdict that did not pass chooses it, by check
and field, by check, or the general one. How far the learner has climbed each ladder
is a small JSON file in the lab home.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.base.files import write_atomically
from labkit.grading.model import Exercise, Grade, HintLadder, Outcome


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


def next_hint(exercise: Exercise, grade: Grade | None, home: Path) -> Hint:
    """Return the next hint and remember that it was given; the last one stays."""
    ladder = pick_ladder(exercise, grade)
    key = f"{exercise.id}/{ladder.when or ''}"
    taken = _read(home)
    tier = min(taken.get(key, 0), len(ladder.tiers) - 1)
    _write(home, {**taken, key: tier + 1})
    return Hint(ladder.tiers[tier], tier + 1, len(ladder.tiers), ladder.when)


def forget_hints(exercise: Exercise, home: Path) -> None:
    """Start an exercise's ladders from the bottom again."""
    taken = _read(home)
    kept = {
        key: tier for key, tier in taken.items() if key.partition("/")[0] != exercise.id
    }
    if kept != taken:
        _write(home, kept)


def _path(home: Path) -> Path:
    return home / "hints.json"


def _read(home: Path) -> dict[str, int]:
    try:
        taken = json.loads(_path(home).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InternalError(f"cannot read {_path(home)}: {error}") from error
    return {str(key): int(tier) for key, tier in taken.items()}


def _write(home: Path, taken: dict[str, int]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    text = json.dumps(taken, indent=2, sort_keys=True) + "\n"
    write_atomically(_path(home), text.encode(), mode=0o644)
