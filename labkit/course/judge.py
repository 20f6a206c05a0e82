"""The grader as the steps' examiner: its verdicts, said in one sentence each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labkit.course.execute import Finding
from labkit.course.model import Expectation
from labkit.grading.expect import evaluate
from labkit.grading.model import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Grader:
    """Compare what an engine says with what a step should have done."""

    docker_host: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, expectation: Expectation) -> tuple[Finding, ...]:
        verdicts = evaluate(self.docker_host, expectation, self.values)
        return tuple(
            finding for verdict in verdicts for finding in describe_verdict(verdict)
        )


def describe_verdict(verdict: Verdict) -> Iterator[Finding]:
    """Say what a verdict means for a step: one finding or, for failures, several."""
    if verdict.outcome is Outcome.PASSED:
        yield Finding(True, verdict.title)
    elif verdict.outcome is Outcome.COULD_NOT_CHECK:
        yield Finding(None, verdict.reason or "the engine does not answer")
    for finding in verdict.findings:
        text = f"{finding.field}: expected {finding.expected}, found {finding.found}"
        yield Finding(False, f"{text}; {finding.next_step}")
