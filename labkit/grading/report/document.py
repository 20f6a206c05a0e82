"""A report as JSON: versioned, without times or machine names.

The same world and the same exercises give the same bytes, whoever graded.
"""

import json
from collections.abc import Sequence
from typing import Any

from labkit.grading.model import Grade, Verdict, worst

VERSION = 1


def report_document(grades: Sequence[Grade]) -> dict[str, Any]:
    """Return a report as a document for ``json.dumps``."""
    return {
        "version": VERSION,
        "outcome": worst(grade.outcome for grade in grades).value,
        "points": sum(grade.points for grade in grades),
        "possible": sum(grade.possible for grade in grades),
        "exercises": [_grade(grade) for grade in grades],
    }


def report_json(grades: Sequence[Grade]) -> str:
    """Return a report as text."""
    return json.dumps(report_document(grades), indent=2, ensure_ascii=False) + "\n"


def _grade(grade: Grade) -> dict[str, Any]:
    return {
        "id": grade.exercise,
        "title": grade.title,
        "outcome": grade.outcome.value,
        "points": grade.points,
        "possible": grade.possible,
        "checks": [_verdict(verdict) for verdict in grade.verdicts],
        "debrief": grade.debrief,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.check,
        "title": verdict.title,
        "outcome": verdict.outcome.value,
        "points": verdict.points,
        "possible": verdict.possible,
        "reason": verdict.reason,
        "findings": [
            {
                "field": finding.field,
                "expected": finding.expected,
                "found": finding.found,
                "next_step": finding.next_step,
            }
            for finding in verdict.findings
        ],
    }
