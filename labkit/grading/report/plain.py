"""Plain words of a report: its total, and text that others chose, fit for a terminal.

A container's name is harmless; what it prints, a label, a file or the name in a
receipt may hold control characters, and a terminal would obey them.
"""

import re
from collections.abc import Sequence

from labkit.grading.model import Grade, Outcome

# C0 and C1 without tab and line feed, and what turns the direction of writing round.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def spell_total(grades: Sequence[Grade]) -> str:
    """Say how many points there are: an outage gives none, and that isn't a zero."""
    verdicts = [verdict for grade in grades for verdict in grade.verdicts]
    if verdicts and all(
        verdict.outcome is Outcome.COULD_NOT_CHECK for verdict in verdicts
    ):
        return "no points given"
    points = sum(grade.points for grade in grades)
    return f"{points} of {sum(grade.possible for grade in grades)} points"


def printable(text: str) -> str:
    """Return a text with a sign in the place of each control character."""
    return _CONTROL.sub("\ufffd", text)
