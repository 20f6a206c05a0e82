"""Streams of progress: bars that move on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time

from labkit.base.durations import go_duration
from labkit.base.units import human_size
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from labkit.docker_cli.json_text import Json

_WIDE, _NARROW = 110, 50
_DEFAULT_WIDTH = 200
_BAR = 50


class StreamError(CliError):
    """The engine said in the middle of a stream that it failed."""


def show_progress(
    messages: Iterable[Json],
    to_stderr: bool = False,
    aux: Callable[[Json], None] | None = None,
) -> None:
    """Show messages as they come.

    Raises:
        StreamError: one of them is an error; its code is the exit code.
    """
    display = Display(2 if to_stderr else 1)
    for message in messages:
        if message.get("aux") is not None:
            if aux is not None:
                aux(message["aux"])
            continue
        display.show(message)


class Display:
    """Where messages go; on a terminal each id keeps its line."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._terminal = os.isatty(fd)
        self._lines: dict[str, int] = {}

    def show(self, message: Json) -> None:
        """Show one message.

        Raises:
            StreamError: it is an error.
        """
        identity = message.get("id", "")
        moves = bool(identity) and _has_progress(message)
        up = 0
        if moves:
            up = self._up(identity)
        else:
            self._lines = {}
        text = self._text(message)
        if self._terminal and moves:
            text = f"\x1b[{up}A{text}" if up else text
        if self._terminal and identity and up:
            text += f"\x1b[{up}B"
        self._write(text)
        _raise_error(message)

    def _up(self, identity: str) -> int:
        if identity not in self._lines:
            self._lines[identity] = len(self._lines)
            if self._terminal:
                self._write("\n")
        return len(self._lines) - self._lines[identity]

    def _write(self, text: str) -> None:
        stream = sys.stdout if self._fd == 1 else sys.stderr
        stream.write(text)
        stream.flush()

    def _text(self, message: Json) -> str:
        if "error" in message or "errorDetail" in message:
            return ""
        detail = message.get("progressDetail")
        stream = message.get("stream", "")
        bar = progress_bar(detail or {}, self._width())
        end = begin = ""
        if self._terminal and not stream and detail is not None:
            begin, end = "\x1b[2K\r", "\r"
        elif bar:
            return ""
        identity = f"{message['id']}: " if message.get("id") else ""
        origin = f"(from {message['from']}) " if message.get("from") else ""
        begin += identity + origin
        status = message.get("status", "")
        if detail is not None and self._terminal:
            return f"{begin}{status} {bar}{end}"
        if stream:
            return f"{begin}{stream}{end}"
        return f"{begin}{status}{end}\n"

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._fd).columns or _DEFAULT_WIDTH
        except OSError:
            return _DEFAULT_WIDTH


def _has_progress(message: Json) -> bool:
    return message.get("progressDetail") is not None or bool(message.get("progress"))


def _raise_error(message: Json) -> None:
    detail = message.get("errorDetail")
    if detail:
        raise StreamError(detail.get("message", ""), int(detail.get("code") or 1))
    if message.get("error"):
        raise StreamError(message["error"])


def progress_bar(detail: Json, width: int) -> str:
    """Return ``[=====>     ]  1.2MB/3MB``; nothing where nothing is known."""
    current, total = detail.get("current", 0), detail.get("total", 0)
    units = detail.get("units", "")
    if current <= 0 and total <= 0:
        return ""
    if total <= 0:
        return f"{current} {units}" if units else f"{human_size(current):>8}"
    half = min(int(current / total * 100) // 2, _BAR)
    bar = f"[{'=' * half}>{' ' * (_BAR - half)}] " if width > _WIDE else ""
    numbers = "" if detail.get("hidecounts") else _numbers(current, total, units)
    left = ""
    start = detail.get("start", 0)
    if current > 0 and start > 0 and half < _BAR and width > _NARROW:
        seconds = int((time.time() - start) / current * (total - current))
        left = " " + go_duration(seconds * 10**9)
    return bar + numbers + left


def _numbers(current: int, total: int, units: str) -> str:
    if units:
        return (
            f"{current}/{total} {units}" if current <= total else f"{current} {units}"
        )
    shown = f"{human_size(current):>8}"
    return shown if current > total else f"{shown}/{human_size(total)}"
