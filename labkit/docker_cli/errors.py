"""What ends a command: a sentence for stderr, and an exit code."""

from __future__ import annotations

from labkit.base.errors import LabError

USAGE = 125
"""The exit code of a command that was typed wrong, and of a ``run`` that failed."""


class CliError(LabError):
    """A command failed; an empty message says that all was said already."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class EngineError(CliError):
    """The engine refused; ``reason`` is its own sentence."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"Error response from daemon: {reason}")
        self.status = status
        self.reason = reason


class NoEngineError(CliError):
    """Nobody answers where the engine should be."""


class UnreachableError(NoEngineError):
    """There is no way to the engine; Docker names the request that was on it."""

    def __init__(self, said: str, base: str, reason: str) -> None:
        super().__init__(f"{said}: {reason}")
        self._said = said
        self._base = base
        self._reason = reason

    def at(self, method: str, target: str) -> NoEngineError:
        """Return the same, said of one request."""
        request = f'{method.title()} "http://{self._base}{target}"'
        return NoEngineError(f"{self._said}: {request}: {self._reason}")


class HungUpError(NoEngineError):
    """The engine was there, and takes no more."""
