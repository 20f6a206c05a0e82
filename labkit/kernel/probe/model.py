"""What a probe finds, as values."""

from dataclasses import dataclass

from labkit.kernel.probe.child import Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    ``need`` is "must" (no containers without it), "should" (something of Docker is
    missing without it) or "info". ``consequence`` and ``remedy`` are for people, and
    empty where all is well.
    """

    name: str
    tried: str
    need: str
    outcome: Outcome
    consequence: str = ""
    remedy: str = ""

    @property
    def ok(self) -> bool:
        return self.outcome.ok


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order of trying."""

    findings: tuple[Finding, ...]

    def missing(self, need: str) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.need == need and not f.ok)

    def find(self, name: str) -> Finding | None:
        return next((f for f in self.findings if f.name == name), None)
