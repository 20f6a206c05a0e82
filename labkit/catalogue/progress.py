"""Telling what goes on: tasks that begin and end, and remarks."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Reporter(Protocol):
    """Where a build tells what it does, from any thread."""

    def task(self, title: str) -> AbstractContextManager[None]: ...

    def note(self, text: str) -> None: ...


class SilentReporter:
    """Tells nobody."""

    @contextmanager
    def task(self, title: str) -> Iterator[None]:
        yield

    def note(self, text: str) -> None:
        del text


class LineReporter:
    """One plain line when a task has ended: for logs and pipes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    @contextmanager
    def task(self, title: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self._write(f"{title}: {time.monotonic() - begun:.1f} s")

    def note(self, text: str) -> None:
        self._write(f"note: {text}")

    def _write(self, line: str) -> None:
        with self._lock:
            self._out.write(f"{line}\n")
            self._out.flush()


class TerminalReporter:
    """Spinners for what is under way, lines for what has ended."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/green]"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
        )

    def __enter__(self) -> "TerminalReporter":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @contextmanager
    def task(self, title: str) -> Iterator[None]:
        task = self._progress.add_task(title, total=1)
        yield
        self._progress.update(task, completed=1)

    def note(self, text: str) -> None:
        self._progress.console.print(f"[yellow]note:[/yellow] {text}")
