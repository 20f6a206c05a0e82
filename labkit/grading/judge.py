"""From an observation to verdicts: pure, so that everybody's grader says the same."""

from collections.abc import Iterator
from dataclasses import replace

from labkit.grading.checks.model import Finding
from labkit.grading.model import (
    Check,
    Exercise,
    Grade,
    LiveValue,
    Outcome,
    Verdict,
)
from labkit.grading.probes import (
    ContainerProbe,
    CouldNotCheckError,
    NetworkProbe,
    Observation,
    Probe,
)
from labkit.grading.values import fill

UNKNOWN = "(not visible)"


def probes_of(exercise: Exercise) -> Iterator[Probe]:
    """Yield all that must be observed to judge an exercise and to debrief it."""
    for check in exercise.checks:
        yield from check.family.probes(check.params)
    for live in exercise.live.values():
        if live.container:
            yield ContainerProbe(live.container)
        if live.network:
            yield NetworkProbe(live.network)


def judge(exercise: Exercise, seen: Observation) -> Grade:
    """Give each check of an exercise its verdict, in the author's order."""
    verdicts: dict[str, Verdict] = {}
    for check in exercise.checks:
        verdict = _blocked(check, verdicts) or judge_check(check, seen)
        verdicts[check.id] = _with_help(verdict, check, exercise)
    grade = Grade(exercise.id, exercise.title, tuple(verdicts.values()))
    if grade.outcome is not Outcome.PASSED:
        return grade
    return Grade(grade.exercise, grade.title, grade.verdicts, debrief(exercise, seen))


def judge_check(check: Check, seen: Observation) -> Verdict:
    """Give one check its verdict, whatever it needs."""
    try:
        findings = tuple(map(_tell_apart, check.family.judge(check.params, seen)))
    except CouldNotCheckError as error:
        return _verdict(check, Outcome.COULD_NOT_CHECK, reason=error.message)
    if findings:
        return _verdict(check, Outcome.FAILED, findings)
    return _verdict(check, Outcome.PASSED)


def _tell_apart(finding: Finding) -> Finding:
    """Quote two texts that differ in nothing that can be seen: a blank at an end."""
    expected, found = finding.expected, finding.found
    if expected == found or expected.split() != found.split():
        return finding
    return replace(finding, expected=repr(expected), found=repr(found))


def debrief(exercise: Exercise, seen: Observation) -> str:
    """Fill what the learner's own containers say into the closing words."""
    live = {name: _live(value, seen) for name, value in exercise.live.items()}
    return fill(exercise.debrief, {**exercise.values, **live})


def _blocked(check: Check, verdicts: dict[str, Verdict]) -> Verdict | None:
    """Say that a check was not looked at because one that it needs has not passed."""
    for need in check.needs:
        outcome = verdicts[need].outcome
        if outcome is Outcome.COULD_NOT_CHECK:
            reason = f"it needs '{verdicts[need].title}', which could not be checked"
            return replace(_verdict(check, outcome, reason=reason), held_up=True)
        if outcome is Outcome.FAILED:
            finding = Finding(
                field="needs",
                expected=f"'{verdicts[need].title}' first",
                found="not there yet",
                next_step="mend that one, then check again",
            )
            return _verdict(check, outcome, (finding,))
    return None


def _with_help(verdict: Verdict, check: Check, exercise: Exercise) -> Verdict:
    """Point to the set-up where what it made is missing, and to the hints."""
    steps = _hints(check, exercise)
    begin = f"if you have not begun yet: `labkit setup {exercise.id}`"
    findings = tuple(
        replace(finding, next_step=f"{begin}; if you have: {finding.next_step}")
        if exercise.setup and finding.field == "name"  # the thing itself is not there
        else replace(finding, next_step="; ".join((finding.next_step, *steps)))
        if finding.field != "needs"
        else finding
        for finding in verdict.findings
    )
    return replace(verdict, findings=findings)


_BEHAVIOUR = frozenset(
    {"answers", "command", "file", "http", "logs", "registry", "resolves"}
)
"""Words that ask what something does: what to change is known to the author only."""

_KEEPERS = frozenset({"command", "file"})
"""Words that ask for what a set-up may have put there, and nobody can make again."""


def _hints(check: Check, exercise: Exercise) -> list[str]:
    word, steps = check.family.word, []
    if word in _BEHAVIOUR:
        steps.append(f"how: `labkit hint {exercise.id}`")
    if exercise.setup and word in _KEEPERS:
        steps.append(f"is it lost, begin again: `labkit setup {exercise.id}`")
    return steps


def _verdict(
    check: Check,
    outcome: Outcome,
    findings: tuple[Finding, ...] = (),
    reason: str | None = None,
) -> Verdict:
    points = check.points if outcome is Outcome.PASSED else 0
    return Verdict(
        check.id, check.title, outcome, points, check.points, findings, reason
    )


def _live(value: LiveValue, seen: Observation) -> str:
    try:
        return _live_network(value, seen) or _live_container(value, seen) or UNKNOWN
    except CouldNotCheckError:
        return UNKNOWN


def _live_network(value: LiveValue, seen: Observation) -> str | None:
    network = seen.network(value.network) if value.network else None
    if network is None:
        return None
    if value.show == "subnet":
        return ", ".join(network.subnets)
    if value.show == "gateway":
        return ", ".join(network.gateways)
    return None


def _live_container(value: LiveValue, seen: Observation) -> str | None:
    container = seen.container(value.container) if value.container else None
    if container is None:
        return None
    if value.show == "id":
        return container.id[:12]
    if value.show == "ip":
        places = container.attachments.values()
        return ", ".join(
            place.ip for place in places if value.network in (None, place.network)
        )
    return None
