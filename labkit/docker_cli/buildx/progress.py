"""``--progress``: who draws the updates."""

import json
import os
import sys
from typing import Protocol

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.plain import Plain
from labkit.docker_cli.buildx.status import Update, Warned
from labkit.docker_cli.buildx.tty import Tty

MODES = ("auto", "plain", "tty", "quiet", "rawjson")


class Display(Protocol):
    """What hears how a build goes."""

    warnings: list[Warned]

    def begin(self, headline: str) -> None: ...
    def update(self, update: Update) -> None: ...
    def end(self) -> None: ...


class Silent:
    """``quiet``: says nothing on the way."""

    def __init__(self) -> None:
        self.warnings: list[Warned] = []

    def begin(self, headline: str) -> None:
        pass

    def update(self, update: Update) -> None:
        pass

    def end(self) -> None:
        pass


class RawJson(Silent):
    """``rawjson``: hands every line on as it came; Compose draws it."""

    def update(self, update: Update) -> None:
        sys.stderr.write(json.dumps(update.raw) + "\n")
        sys.stderr.flush()


def open_display(mode: str) -> Display:
    """Return what draws in this mode.

    Raises:
        BuildxError: there is no such mode.
    """
    if mode not in MODES:
        raise BuildxError(f"invalid progress mode {mode}")
    if mode == "auto":
        mode = "tty" if _in_terminal() else "plain"
    if mode == "tty":
        return Tty(_write)
    if mode == "plain":
        return Plain(_write)
    return RawJson() if mode == "rawjson" else Silent()


def _in_terminal() -> bool:
    """Say whether progress may be drawn over and over."""
    return os.isatty(2) and os.environ.get("TERM", "") not in ("", "dumb")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
