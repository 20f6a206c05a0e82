"""Grade exercises: observe what decides them, then judge, purely.

Observing goes in two rounds, so that nobody waits for a server that can't answer:
what the API says at once comes first; checks that need one which failed on that are
then not asked (their verdict says what they need); the others look from inside
containers and through ports.
"""

import time
from collections.abc import Iterator, Sequence

from labkit.grading.judge import judge, judge_check, probes_of
from labkit.grading.model import Check, Exercise, Grade, Outcome
from labkit.grading.observe import observe
from labkit.grading.observe.snapshot import BUDGET_SECONDS
from labkit.grading.probes import (
    CommandProbe,
    ConnectProbe,
    FetchProbe,
    Observation,
    PageProbe,
    Probe,
    RegistryProbe,
    ResolveProbe,
    Unavailable,
)

_SLOW = (
    CommandProbe,
    ConnectProbe,
    FetchProbe,
    PageProbe,
    RegistryProbe,
    ResolveProbe,
)


def grade_exercises(
    docker_host: str, exercises: Sequence[Exercise], budget: float = BUDGET_SECONDS
) -> tuple[Grade, ...]:
    """Grade exercises against the engine at an address; changes nothing there.

    Whatever has not answered in so many seconds could not be checked.
    """
    seen = observe_exercises(docker_host, exercises, budget)
    return tuple(judge(exercise, seen) for exercise in exercises)


def observe_exercises(
    docker_host: str, exercises: Sequence[Exercise], budget: float = BUDGET_SECONDS
) -> Observation:
    """Look at all that decides exercises, and at nothing that can't decide them now."""
    deadline = time.monotonic() + budget
    quick = [
        probe
        for exercise in exercises
        for probe in probes_of(exercise)
        if not isinstance(probe, _SLOW)
    ]
    seen = observe(docker_host, quick, budget)
    slow = [probe for exercise in exercises for probe in _worth_asking(exercise, seen)]
    if slow and (silence := _silence(seen)):
        return Observation({**dict.fromkeys(slow, silence), **seen.answers})
    if slow:
        left = max(0.1, deadline - time.monotonic())
        rest = observe(docker_host, slow, left)
        seen = Observation({**rest.answers, **seen.answers})
    return seen


def _silence(seen: Observation) -> Unavailable | None:
    """Return why nobody answered anything: who did not the first time won't now."""
    answers = list(seen.answers.values())
    first = answers[0] if answers else None
    if isinstance(first, Unavailable) and all(answer == first for answer in answers):
        return first
    return None


def _worth_asking(exercise: Exercise, seen: Observation) -> Iterator[Probe]:
    """Yield the slow probes of checks that nothing known stands in the way of."""
    failed: set[str] = set()
    for check in exercise.checks:
        probes = [
            probe
            for probe in check.family.probes(check.params)
            if isinstance(probe, _SLOW)
        ]
        if failed & set(check.needs) or (not probes and _fails(check, seen)):
            failed.add(check.id)
        else:
            yield from probes


def _fails(check: Check, seen: Observation) -> bool:
    return judge_check(check, seen).outcome is not Outcome.PASSED
