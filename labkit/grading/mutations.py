"""Mutation testing of checks: is there anything in a check that nobody would miss?

Each check of an exercise is spoilt in turn, in every way that makes it accept more:

    removed    the whole check
    without    one expectation of it: a setting, or one of several ports, variables...

Then some ``wrong`` attempt must slip through: one that the check was to catch has no
other catcher of its own, or one that the check refused is accepted by the spoilt one.
If none does, the part that was spoilt is idle: no attempt shows what it is there for.

Nothing is played again: a weaker check asks for nothing that the whole one did not ask,
so it is judged, purely, by what was seen when the attempts were played (``trials``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labkit.grading.checks.model import Params
from labkit.grading.judge import judge_check
from labkit.grading.lint import Proof, prove_caught, refuses
from labkit.grading.model import Check, Exercise, Outcome
from labkit.grading.probes import Observation
from labkit.grading.trials import Kind, Played, Trial

GOAL = 0.9
"""The share of mutants that some wrong attempt must tell from the true check."""

_LOOSEST: dict[tuple[str, str], Any] = {
    ("container", "state"): "any",
    ("http", "status"): None,
    ("image", "new_layers"): 1000,
}
"""What asks for nothing, where that is not what a check asks for unless told."""


_UNWRITTEN = frozenset({("container", "state")})
"""What a check asks for even where its author wrote nothing of it."""

_WHOLE = frozenset({"cmd", "entrypoint", "only_members", "only_networks"})
"""Lists that ask for all of themselves: one without a part is no weaker."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way to spoil one check, and the wrong attempt that shows it, if any does."""

    chapter: str
    exercise: str
    check: str
    change: str
    shown_by: str | None

    @property
    def is_idle(self) -> bool:
        return self.shown_by is None

    def __str__(self) -> str:
        return f"{self.exercise}: '{self.check}' {self.change}"


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants were made, and which of them nobody noticed."""

    mutants: int
    idle: tuple[Mutant, ...]

    @property
    def share(self) -> float:
        return 1 - len(self.idle) / self.mutants if self.mutants else 1.0

    def __str__(self) -> str:
        shown = self.mutants - len(self.idle)
        return f"{shown} of {self.mutants}, {self.share:.1%}"


def score_mutants(mutants: Iterable[Mutant]) -> Score:
    """Sum mutants up."""
    made = list(mutants)
    return Score(len(made), tuple(mutant for mutant in made if mutant.is_idle))


def report_mutants(mutants: Sequence[Mutant]) -> Iterator[str]:
    """Yield a line for each idle part, for each chapter, and for all of them."""
    yield from (f"idle {mutant}" for mutant in mutants if mutant.is_idle)
    chapters = sorted({mutant.chapter for mutant in mutants})
    for chapter in chapters:
        yield f"{chapter}: {score_mutants(m for m in mutants if m.chapter == chapter)}"
    yield f"all: {score_mutants(mutants)}"


def prove_score(mutants: Sequence[Mutant]) -> Proof:
    """Claim of some mutants that enough of them are noticed."""
    score = score_mutants(mutants)
    claim = f"at least {GOAL:.0%} of spoilt checks are noticed"
    return Proof("checks", claim, None if score.share >= GOAL else f"only {score}")


def mutate_checks(played: Played) -> Iterator[Mutant]:
    """Spoil each check of an exercise in turn."""
    right = [trial.seen for trial in _trials(played, Kind.RIGHT)]
    wrong = _trials(played, Kind.WRONG)
    for check in played.exercise.checks:
        named = next((t for t in wrong if _catches(played, check, t)), None)
        yield _mutant(played, check, "removed", named)
        for change, spoilt in weaken(check, _needed(played.exercise, check)):
            if _is_weaker(check, spoilt, right):
                shown = next(
                    (t for t in wrong if _lets_in(played, check, spoilt, t)), None
                )
                yield _mutant(played, check, f"without {change}", shown)


def weaken(check: Check, needed: Sequence[Check] = ()) -> Iterator[tuple[str, Check]]:
    """Take one expectation after the other out of a check.

    What a needed check asks of the same thing stays: it is never missed, for without
    that one nobody looks at this one.
    """
    params, word = check.params, check.family.word
    for name in type(params).model_fields:
        value = getattr(params, name)
        parts = () if name in _WHOLE else _parts(value)
        rests = parts if len(parts) > 1 else [("", _loosest(word, params, name))]
        for label, rest in rests:
            if rest != value and not _asked_before(check, name, needed):
                spoilt = params.model_copy(update={name: rest})
                change = f"{name}.{label}" if label else name
                yield change, replace(check, params=spoilt)


def _needed(exercise: Exercise, check: Check) -> list[Check]:
    """Return the checks that must have passed before this one is looked at."""
    by_id = {other.id: other for other in exercise.checks}
    found = [by_id[need] for need in check.needs]
    return found + [deep for near in found for deep in _needed(exercise, near)]


def _asked_before(check: Check, name: str, needed: Sequence[Check]) -> bool:
    subject = next(iter(check.family.probes(check.params)), None)
    return any(
        other.family is check.family
        and next(iter(other.family.probes(other.params)), None) == subject
        and getattr(other.params, name) == getattr(check.params, name)
        for other in needed
    )


def _parts(value: object) -> Sequence[tuple[str, object]]:
    """Return each part of a collection, and what it is without that part."""
    if isinstance(value, dict):
        return [
            (str(key), {name: item for name, item in value.items() if name != key})
            for key in value
        ]
    if isinstance(value, tuple):
        return [
            (str(item), (*value[:index], *value[index + 1 :]))
            for index, item in enumerate(value)
        ]
    return ()


def _loosest(word: str, params: Params, name: str) -> object:
    if name in params.model_fields_set or (word, name) in _UNWRITTEN:
        if (word, name) in _LOOSEST:
            return _LOOSEST[word, name]
        field = type(params).model_fields[name]
        if not field.is_required():
            return field.get_default()
    return getattr(params, name)


def _is_weaker(check: Check, spoilt: Check, right: Sequence[Observation]) -> bool:
    """Say whether a change asks nothing new and still accepts what is right."""
    asked = set(check.family.probes(check.params))
    if not set(check.family.probes(spoilt.params)) <= asked:
        return False
    return all(judge_check(spoilt, s).outcome is Outcome.PASSED for s in right)


def _catches(played: Played, check: Check, trial: Trial) -> bool:
    named = trial.attempt.caught_by == check.id
    return named and prove_caught(played.grade(trial), trial.attempt) is None


def _lets_in(played: Played, check: Check, spoilt: Check, trial: Trial) -> bool:
    if not refuses(played.grade(trial), check.id):
        return False
    return judge_check(spoilt, trial.seen).outcome is Outcome.PASSED


def _trials(played: Played, kind: Kind) -> list[Trial]:
    return [t for t in played.trials if t.kind is kind and not t.problem]


def _mutant(played: Played, check: Check, change: str, shown: Trial | None) -> Mutant:
    title = shown.attempt.title if shown else None
    exercise = played.exercise
    return Mutant(exercise.chapter, exercise.id, check.id, change, title)
