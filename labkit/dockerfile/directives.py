"""Parser directives: ``# syntax=``, ``# escape=``, ``# check=`` at the very top.

The first line that is no directive ends them: an instruction, an empty line, a comment.
"""

import re

from labkit.dockerfile.errors import Fault
from labkit.dockerfile.node import Directive
from labkit.dockerfile.spaces import SPACES

DEFAULT_ESCAPE = "\\"
_NAMES = ("syntax", "escape", "check")
_DIRECTIVE = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*\Z")


class DirectiveReader:
    """Takes directives from the front of a file, line by line."""

    def __init__(self) -> None:
        self.found: list[Directive] = []
        self.escape = DEFAULT_ESCAPE
        self._is_done = False

    def take(self, line: str, number: int) -> bool:
        """Take the line if it is a directive.

        Raises:
            Fault: it stands there for the second time, or its value is none.
        """
        if self._is_done:
            return False
        directive = _parse(line, number)
        if directive is None:
            self._is_done = True
            return False
        if any(one.name == directive.name for one in self.found):
            raise Fault(f"only one {directive.name} parser directive can be used")
        self.found.append(directive)
        if directive.name == "escape":
            self._set_escape(directive.value)
        return True

    def _set_escape(self, value: str) -> None:
        if value not in ("`", "\\"):
            raise Fault(f"invalid escape token '{value}' does not match ` or \\")
        self.escape = value


def _parse(line: str, number: int) -> Directive | None:
    if not line.startswith("#"):
        return None
    match = _DIRECTIVE.match(line[1:].lstrip(SPACES))
    if match is None or match[1].lower() not in _NAMES:
        return None
    return Directive(match[1].lower(), match[2], number)
