"""A report as JUnit XML, which every CI server reads.

An exercise is a suite, a check a case. What failed is a ``failure``; what could not
be checked is an ``error``: CI servers keep the two apart, as we do.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from labkit.grading.model import Grade, Outcome, Verdict

# XML 1.0 has no way at all to write most control characters (section 2.2).
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def report_junit(grades: Sequence[Grade]) -> str:
    """Return a report as XML text."""
    root = ET.Element("testsuites", name="labkit")
    for grade in grades:
        root.append(_suite(grade))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(grade: Grade) -> ET.Element:
    outcomes = [verdict.outcome for verdict in grade.verdicts]
    suite = ET.Element(
        "testsuite",
        name=_clean(f"{grade.exercise}: {grade.title}"),
        tests=str(len(outcomes)),
        failures=str(outcomes.count(Outcome.FAILED)),
        errors=str(outcomes.count(Outcome.COULD_NOT_CHECK)),
    )
    for verdict in grade.verdicts:
        suite.append(_case(grade.exercise, verdict))
    return suite


def _case(exercise: str, verdict: Verdict) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=exercise,
        name=_clean(f"{verdict.check}: {verdict.title}"),
    )
    if verdict.outcome is Outcome.COULD_NOT_CHECK:
        ET.SubElement(case, "error", message=_clean(verdict.reason or "no reason"))
    elif verdict.outcome is Outcome.FAILED:
        lines = [
            f"{finding.field}: expected {finding.expected}, found {finding.found}"
            for finding in verdict.findings
        ]
        failure = ET.SubElement(case, "failure", message=_clean(lines[0]))
        steps = [f"next step: {finding.next_step}" for finding in verdict.findings]
        told = (text for pair in zip(lines, steps, strict=True) for text in pair)
        failure.text = _clean("\n".join(told))
    return case


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
