"""A text and a place in it: what comes next, and which line that is."""

import re

from labkit.docker_cli.buildx.errors import BuildxError

_BLANKS = re.compile(r"(?:[ \t\r]|(?:#|//)[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)+")
_BLANKS_AND_ENDS = re.compile(rf"(?:{_BLANKS.pattern}|\n)+")


class Scanner:
    """Reads a text from front to back.

    Where a bracket is open the end of a line says nothing, else it ends what stands
    there: ``enter`` and ``leave`` keep track of that.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.at = 0
        self._is_loose = [False]

    def enter(self, *, loose: bool) -> None:
        self._is_loose.append(loose)

    def leave(self) -> None:
        self._is_loose.pop()

    def place(self) -> str:
        """Return where we are: ``file:line,column``."""
        line = self.text.count("\n", 0, self.at) + 1
        column = self.at - (self.text.rfind("\n", 0, self.at) + 1) + 1
        return f"{self.name}:{line},{column}"

    def refuse(self, message: str) -> BuildxError:
        return BuildxError(f"{self.place()}: {message}")

    def skip(self, *, ends: bool = False) -> None:
        """Go over blanks and comments, and ends of lines where they say nothing."""
        pattern = _BLANKS_AND_ENDS if ends or self._is_loose[-1] else _BLANKS
        if found := pattern.match(self.text, self.at):
            self.at = found.end()

    def is_over(self) -> bool:
        return self.at >= len(self.text)

    def sees(self, sign: str) -> bool:
        """Tell whether a sign comes next, after blanks."""
        self.skip()
        return self.text.startswith(sign, self.at)

    def takes(self, sign: str) -> bool:
        """Go over a sign if it comes next."""
        if not self.sees(sign):
            return False
        self.at += len(sign)
        return True

    def expect(self, sign: str) -> None:
        """Go over a sign.

        Raises:
            BuildxError: something else stands there.
        """
        if not self.takes(sign):
            raise self.refuse(f"{sign!r} is missing")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go over what a pattern fits, after blanks."""
        self.skip()
        return self.match_here(pattern)

    def match_here(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go over what a pattern fits, blanks included."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found
