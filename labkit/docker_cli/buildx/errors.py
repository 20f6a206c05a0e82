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
        """Return the lines with two around them, as BuildKit shows them."""
        lines = self.text.splitlines() or [""]
        low, high = max(self.first - 2, 1), min(self.last + 2, len(lines))
        width = max(len(str(high)), 2)
        rows = [f"{self.filename}:{self.first}", "--------------------"]
        for number in range(low, high + 1):
            mark = ">>>" if self.first <= number <= self.last else "   "
            rows.append(
                f" {number:>{width + 1}} | {mark} {lines[number - 1]}".rstrip(" ")
            )
        return "\n".join([*rows, "--------------------"])


class BuildFailedError(BuildxError):
    """The build itself went wrong; ``source`` is where, if it is known."""

    def __init__(
        self, message: str, code: int = 1, source: Source | None = None
    ) -> None:
        super().__init__(message, code)
        self.source = source
