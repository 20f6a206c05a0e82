"""Findings and reports."""

from labkit.kernel.probe.child import Outcome
from labkit.kernel.probe.model import Finding, Report


def test_a_report_is_asked_for_what_is_missing() -> None:
    good = Finding("a", "try a", "must", Outcome(True))
    bad = Finding("b", "try b", "must", Outcome(False, "EPERM", "no"))
    weak = Finding("c", "try c", "should", Outcome(False, "EPERM", "no"))
    report = Report((good, bad, weak))
    assert report.missing("must") == (bad,)
    assert report.missing("should") == (weak,)
    assert report.find("a") == good
    assert report.find("z") is None
