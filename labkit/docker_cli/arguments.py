"""How many words a command takes, and Docker's sentence where it is another number."""

from __future__ import annotations

from labkit.docker_cli.errors import CliError


class Arguments:
    """At least and at most how many; ``most`` is None where there is no end."""

    __slots__ = ("least", "most")

    def __init__(self, least: int, most: int | None) -> None:
        self.least = least
        self.most = most

    def check(self, count: int, path: str, usage: str) -> None:
        """Refuse another number.

        Raises:
            CliError: in Docker's words, with the usage.
        """
        if count >= self.least and (self.most is None or count <= self.most):
            return
        verb = self._verb()
        raise CliError(
            f"docker: '{path}' {self._wanted()}\n\nUsage:  {usage}\n\n"
            f"{verb} '{path} --help' for more information"
        )

    def _verb(self) -> str:
        if self.most is None:
            return "See"
        # A slip of the pen in version 28, and so in what people see.
        return "SRun" if self.least == 0 and self.most else "Run"

    def _wanted(self) -> str:
        least, most = self.least, self.most
        if most == 0:
            return "accepts no arguments"
        if most is None:
            return f"requires at least {least} {_plural(least)}"
        if least == most:
            return f"requires {least} {_plural(least)}"
        if least == 0:
            return f"requires at most {most} {_plural(most)}"
        return f"requires at least {least} and at most {most} {_plural(most)}"


def _plural(count: int) -> str:
    return "argument" if count == 1 else "arguments"


ANY = Arguments(0, None)
NONE = Arguments(0, 0)


def exactly(count: int) -> Arguments:
    return Arguments(count, count)


def at_least(count: int) -> Arguments:
    return Arguments(count, None)


def at_most(count: int) -> Arguments:
    return Arguments(0, count)
