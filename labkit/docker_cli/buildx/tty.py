"""``--progress=tty``: the steps in a block that is drawn over and over.

    [+] Building 1.2s (3/4)                                        docker:default
     => [internal] load build definition from Dockerfile                    0.0s
     => CACHED [1/2] FROM docker.io/library/busybox:latest                  0.0s
     => [2/2] RUN sleep 9                                                   1.1s
     => => # the last lines that it printed

Drawing is pure: ``rows`` says what the block is, ``Tty`` moves the cursor.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from labkit.docker_cli.buildx.status import Task, Update, Vertex, Warned
from labkit.docker_cli.buildx.texts import bytes_text, seconds_text

Print = Callable[[str], object]
_REDRAW_SECONDS = 0.1
_LINES_OF_STEP = 6
_LINES_OF_ERROR = 40
_BLUE, _RED, _YELLOW, _PLAIN = "\x1b[34m", "\x1b[31m", "\x1b[33m", "\x1b[0m"
_UP, _CLEAR = "\x1b[{}A", "\x1b[2K"
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"


@dataclass(slots=True)
class _Step:
    vertex: Vertex
    tasks: dict[str, Task] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    rest: str = ""
    times: list[float] = field(default_factory=list)
    """When each line ended, in seconds of the step: shown if it goes wrong."""


class Tty:
    """Draws updates on a terminal."""

    def __init__(self, write: Print, label: str = "docker:default") -> None:
        self._write = write
        self._label = label
        self._steps: dict[str, _Step] = {}
        self._begin = time.time()
        self._drawn = 0
        self._last = 0.0
        self.warnings: list[Warned] = []

    def begin(self, headline: str) -> None:
        self._write(_HIDE)

    def update(self, update: Update) -> None:
        for vertex in update.vertices:
            self._steps.setdefault(vertex.digest, _Step(vertex)).vertex = vertex
        for task in update.tasks:
            if task.vertex in self._steps:
                self._steps[task.vertex].tasks[task.id] = task
        for log in update.logs:
            if (step := self._steps.get(log.vertex)) is not None:
                text = step.rest + log.data.decode("utf-8", "replace")
                *lines, step.rest = text.split("\n")
                step.lines += [line.rstrip("\r") for line in lines]
                since = log.timestamp - (step.vertex.started or log.timestamp)
                step.times += [max(0.0, since)] * len(lines)
        self.warnings += update.warnings
        if time.time() - self._last >= _REDRAW_SECONDS:
            self._draw(finished=False)

    def end(self) -> None:
        self._draw(finished=True)
        self._write(_SHOW)
        for step in self._steps.values():
            if step.vertex.error:
                lines = "".join(_last_words(step))
                self._write(f"------\n > {step.vertex.name}:\n{lines}------\n")

    def rows(self, width: int, now: float, finished: bool) -> list[str]:
        """Return the block, each row as wide as the terminal at most."""
        vertices = [step.vertex for step in self._steps.values()]
        done = sum(1 for one in vertices if one.completed)
        head = f"[+] Building {now - self._begin:.1f}s ({done}/{len(vertices)})"
        if finished and done == len(vertices):
            head += " FINISHED"
        rows = [_justify(head, self._label, width)]
        for step in self._steps.values():
            rows += _rows_of(step, width, now, finished)
        return rows

    def _draw(self, finished: bool) -> None:
        size = shutil.get_terminal_size()
        rows = self.rows(size.columns, time.time(), finished)
        if not finished and len(rows) > size.lines - 1:
            rows = [rows[0], *rows[-(size.lines - 2) :]]
        up = _UP.format(self._drawn) if self._drawn else ""
        blank = [""] * max(0, self._drawn - len(rows))
        block = "".join(f"{_CLEAR}{row}\n" for row in (*rows, *blank))
        back = _UP.format(len(blank)) if blank else ""
        self._write(f"\r{up}{block}{back}")  # who typed left the cursor elsewhere
        self._drawn = len(rows)
        self._last = time.time()


def _rows_of(step: _Step, width: int, now: float, finished: bool) -> list[str]:
    vertex = step.vertex
    if vertex.started is None and not vertex.cached:
        return []
    took = (vertex.completed or now) - (vertex.started or vertex.completed or now)
    is_cut = finished and vertex.completed is None and not vertex.cached
    mark = "ERROR " if vertex.error else "CACHED " if vertex.cached else ""
    mark = "CANCELED " if is_cut else mark
    row = _justify(f" => {mark}{vertex.name}", seconds_text(took), width)
    color = _RED if vertex.error else _BLUE if vertex.completed else ""
    color = _YELLOW if is_cut else color
    rows = [f"{color}{row}{_PLAIN}" if color else row]
    for task in step.tasks.values():
        size = f" {bytes_text(task.current)}" if task.current else ""
        size += f" / {bytes_text(task.total)}" if task.total else ""
        spent = (task.completed or now) - (task.started or task.completed or now)
        row = _justify(f" => => {task.id}{size}", seconds_text(spent), width)
        rows.append(f"{_BLUE}{row}{_PLAIN}" if task.completed else row)
    if vertex.completed is None and not is_cut:
        tail = [line for line in step.lines if line][-_LINES_OF_STEP:]
        rows += [f" => => # {line}"[:width] for line in tail]
    return rows


def _last_words(step: _Step) -> Iterator[str]:
    """Yield what a step said before it went wrong, each line with its time."""
    vertex = step.vertex
    took = (vertex.completed or 0.0) - (vertex.started or vertex.completed or 0.0)
    said = [*zip(step.times, step.lines, strict=True)]
    if step.rest:
        said.append((took, step.rest))
    for since, line in said[-_LINES_OF_ERROR:]:
        yield f"{since:.3f} {line}\n"


def _justify(left: str, right: str, width: int) -> str:
    """Put a text at either edge; the left one is cut where they would meet."""
    left = left.replace("\n", " ").replace("\t", " ")
    room = max(width - len(right) - 1, 10)
    if len(left) > room:
        left = left[: room - 3] + "..."
    return f"{left}{' ' * (room - len(left))} {right}"
