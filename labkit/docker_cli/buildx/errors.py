"""What the plug-in ends with when it can't do what was asked."""

from dataclasses import dataclass

from labkit.docker_cli.errors import CliError


class BuildxError(CliError):
    """One sentence for the person, and the code to end with."""


class RefusedError(BuildxError):
    """The engine refuses, and says why."""


class NoDoorError(RefusedError):
    """The engine doesn't know the path: it is another one than labkit's."""


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a Dockerfile that something is about."""

    filename: str
    text: str
    first: int
    last: int

    def excerpt(self) -> str:
        """Return the lines with some around them, as BuildKit shows them."""
        lines = self.text.split("\n")
        low, high = self._bounds(len(lines))
        rows = [f"{self.filename}:{self.first}", "--------------------"]
        for number in range(low, high + 1):
            mark = ">>>" if self.first <= number <= self.last else "   "
            rows.append(f" {number:>3} | {mark} {lines[number - 1]}")
        return "\n".join([*rows, "--------------------"])

    def _bounds(self, count: int) -> tuple[int, int]:
        """Return the first and the last line to show.

        One line has two on either side, many have one; at an end of the file the other
        side gets no more for it than a step would have brought.
        """
        low, high = self.first, min(self.last, count)
        shown, wanted = 0, 4 if low == high else 2
        while shown < wanted:
            above, below = low > 1, high < count
            low, high = low - above, high + below
            shown += 1 + above + below
        return low, high


class BuildFailedError(BuildxError):
    """The build itself went wrong; ``source`` is where, if it is known."""

    def __init__(
        self, message: str, code: int = 1, source: Source | None = None
    ) -> None:
        super().__init__(message, code)
        self.source = source
