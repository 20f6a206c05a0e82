"""A check-up as a table for people and as a document for programs."""

from dataclasses import asdict
from typing import Any

from labkit.daemon.checkup import Checkup
from labkit.kernel.probe.model import Finding

_MARKS = {"must": "MISS", "should": "warn", "info": "--  "}


def to_document(checkup: Checkup) -> dict[str, Any]:
    """Return what ``--json`` prints."""
    return {
        "mode": checkup.mode,
        "can_run": checkup.can_run,
        "advice": checkup.advice,
        "data_root": str(checkup.data_root),
        "system": checkup.system,
        "findings": [
            {
                **{k: v for k, v in asdict(finding).items() if k != "outcome"},
                "ok": finding.ok,
                "errno": finding.outcome.errno_name,
                "reason": finding.outcome.reason,
            }
            for finding in checkup.findings
        ],
    }


def to_text(checkup: Checkup) -> str:
    """Return what a person reads: a line a finding, more where something is wrong."""
    width = max(len(finding.name) for finding in checkup.findings)
    lines = [", ".join(f"{k} {v}" for k, v in checkup.system.items()), ""]
    for finding in checkup.findings:
        lines += _lines(finding, width)
    return "\n".join([*lines, "", f"mode: {checkup.mode}. {checkup.advice}"])


def _lines(finding: Finding, width: int) -> list[str]:
    reason = finding.outcome.reason
    if finding.ok:  # for things that are looked up the reason is what was found
        return [f"ok    {finding.name:<{width}}  {reason or finding.tried}"]
    first = (
        f"{_MARKS[finding.need]}  {finding.name:<{width}}  {finding.tried}: {reason}"
    )
    indent = " " * (width + 8)
    meaning = (("means", finding.consequence), ("remedy", finding.remedy))
    return [first, *(f"{indent}{label}: {text}" for label, text in meaning if text)]
