from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.course.execute import Finding
from labkit.course.judge import Grader, describe_verdict
from labkit.grading.checks.model import Finding as Seen
from labkit.grading.model import Outcome, Verdict

WRONG = Seen("driver", "bridge", "lan", "create it again")


@pytest.mark.parametrize(
    ("verdict", "findings"),
    [
        (Verdict("a", "fine", Outcome.PASSED, 1, 1), (Finding(True, "fine"),)),
        (
            Verdict("a", "no", Outcome.FAILED, 0, 1, (WRONG,)),
            (Finding(False, "driver: expected bridge, found lan; create it again"),),
        ),
        (
            Verdict("a", "?", Outcome.COULD_NOT_CHECK, 0, 1, reason="down"),
            (Finding(None, "down"),),
        ),
    ],
)
def test_says_a_verdict_in_one_sentence(
    verdict: Verdict, findings: tuple[Finding, ...]
) -> None:
    assert tuple(describe_verdict(verdict)) == findings


def test_an_engine_that_is_down_is_no_failure(tmp_path: Path) -> None:
    grader = Grader(f"unix://{tmp_path}/no.sock")
    findings = grader({"network": {"name": "any"}})
    assert [finding.passed for finding in findings] == [None]


def test_refuses_an_unknown_expectation() -> None:
    with pytest.raises(InvalidInputError, match="did you mean 'network'"):
        Grader("unix:///nowhere")({"netwrk": {"name": "x"}})
