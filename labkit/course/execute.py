"""Run a chapter's steps, and say of each whether it did what it should.

A step is right when its script ended with the exit code it names, printed the texts
it names, and the world is afterwards as its expectations say. The order matters: the
first thing wrong is the reason given, and a world that is right in spite of a refusal
is a step that was done before (``Step.again``).

The world is judged by the grader. It comes in as ``Examine``, so that this file needs
no engine and no Docker to be tested.
"""

import enum
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from labkit.base.errors import NotFoundError
from labkit.course.model import Chapter, Expectation, Step
from labkit.course.places import OBSTACLES, Place
from labkit.course.shell import Completed, run_script
from labkit.course.suggest import suggest

_ADVICE = re.compile(r"^(Usage: .*|(Run|See) '.* --help'.*)$", re.MULTILINE)
"""What docker prints below a command that it doesn't know."""


class Status(enum.Enum):
    """What became of a step."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    COULD_NOT_CHECK = "could not check"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the grader found about one expectation; ``None``: it could not look."""

    passed: bool | None
    text: str


class Examine(Protocol):
    """Compare the world with an expectation of a step."""

    def __call__(self, expectation: Expectation) -> Sequence[Finding]: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did."""

    step: Step
    status: Status
    reason: str
    seconds: float
    output: str = ""
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Lab:
    """Where steps run.

    Attributes:
        environment: what scripts get: PATH with docker, DOCKER_HOST and so on.
        examine: the grader's eye.
        offers: what engine and learner have of what steps may need (``:only:``).
        folder: where scripts begin, and leave their files.
    """

    environment: Mapping[str, str]
    examine: Examine
    offers: Set[Place]
    folder: Path | None = None


def find_step(chapter: Chapter, step_id: str) -> Step:
    """Return a step of a chapter by its id."""
    steps = {step.id: step for step in chapter.steps}
    if step_id not in steps:
        raise NotFoundError(
            f"no step {step_id!r} in {chapter.name}{suggest(step_id, steps)}"
        )
    return steps[step_id]


def run_steps(
    steps: Sequence[Step], lab: Lab, on_output: Callable[[str], object]
) -> Iterator[Outcome]:
    """Run steps in order; one that needs a failed one is skipped."""
    failed: set[str] = set()
    for step in steps:
        missing = [need for need in step.needs if need in failed]
        if missing:
            outcome = Outcome(
                step, Status.SKIPPED, f"needs step {missing[0]!r}, which failed", 0.0
            )
        else:
            outcome = run_step(step, lab, on_output)
        if missing or outcome.status is Status.FAILED:
            failed.add(step.id)
        yield outcome


def run_step(step: Step, lab: Lab, on_output: Callable[[str], object]) -> Outcome:
    """Run one step and judge what it did."""
    if obstacle := _find_obstacle(step, lab):
        return Outcome(step, Status.SKIPPED, obstacle, 0.0)
    completed = run_script(
        step.script, lab.environment, step.timeout_seconds, on_output, lab.folder
    )
    status, reason = judge_step(step, completed, lab.examine)
    return Outcome(
        step=step,
        status=status,
        reason=reason,
        seconds=completed.seconds,
        output=completed.output,
        exit_code=completed.exit_code,
    )


def _find_obstacle(step: Step, lab: Lab) -> str | None:
    """Return why a step can't be run here, whatever it does."""
    for place in step.only:
        if place not in lab.offers:
            return OBSTACLES[place]
    path = lab.environment.get("PATH")
    for program in step.wants:
        if shutil.which(program, path=path) is None:
            return f"not here: needs the program {program!r}"
    return None


def judge_step(
    step: Step, completed: Completed, examine: Examine
) -> tuple[Status, str]:
    """Say whether a finished script did what its step is for, and why not."""
    if completed.timed_out:
        return Status.FAILED, f"stopped after {step.timeout_seconds:g} seconds"
    done_before = (
        step.again is not None
        and completed.exit_code != step.exit_code
        and step.again in completed.output
    )
    if not done_before:
        problem = _judge_output(step, completed)
        if problem:
            return Status.FAILED, problem
    for expectation in step.expect:
        for finding in examine(expectation):
            if finding.passed is None:
                return Status.COULD_NOT_CHECK, finding.text
            if not finding.passed:
                return Status.FAILED, finding.text
    if done_before:
        return Status.OK, "done before, and all is in place"
    return Status.OK, ""


def _judge_output(step: Step, completed: Completed) -> str | None:
    if completed.exit_code != step.exit_code:
        last = _telling_line(completed.output)
        return (
            f"exit code: expected {step.exit_code}, found {completed.exit_code}"
            f"{f': {last}' if last else ''}"
        )
    for text in step.prints:
        if text not in completed.output:
            return f"output: expected {text!r}, found {_last_line(completed.output)!r}"
    return None


def _telling_line(output: str) -> str:
    """Return what went wrong: docker adds usage and advice below the error itself."""
    errors = [line for line in output.splitlines() if "error" in line.lower()]
    if errors:
        return errors[-1].strip()
    return _last_line(_ADVICE.sub("", output)) or _last_line(output)


def _last_line(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1] if lines else ""
