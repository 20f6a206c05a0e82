"""Text that others chose, made fit for a terminal.

A container's name is harmless; what it prints, a label, a file or the name in a
receipt may hold control characters, and a terminal would obey them.
"""

import re

# C0 and C1 without tab and line feed, and what turns the direction of writing round.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Return a text with a sign in the place of each control character."""
    return _CONTROL.sub("\ufffd", text)
