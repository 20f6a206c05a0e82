"""``--progress=plain``: each step's lines under its number, as BuildKit prints them.

One step is printed at a time, and steps that go on beside it are held back until it is
silent or done: so a line says ``#5`` and a step's lines stay together.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from labkit.docker_cli.buildx.status import Log, Task, Update, Vertex, Warned
from labkit.docker_cli.buildx.texts import bytes_text, seconds_text

Print = Callable[[str], object]
_MOST_LINES_OF_ERROR = 40


@dataclass(slots=True)
class _Step:
    number: int
    vertex: Vertex
    is_named: bool = False
    is_over: bool = False
    rest: str = ""
    tail: list[str] = field(default_factory=list)
    done_tasks: set[str] = field(default_factory=set)


class Plain:
    """Prints updates as they come."""

    def __init__(self, write: Print) -> None:
        self._write = write
        self._steps: dict[str, _Step] = {}
        self._shown = ""
        self._gap = ""
        self.warnings: list[Warned] = []

    def begin(self, headline: str) -> None:
        self._write(f"#0 {headline}\n")
        self._gap = "\n"

    def update(self, update: Update) -> None:
        for vertex in update.vertices:
            self._vertex(vertex)
        for task in update.tasks:
            self._task(task)
        for log in update.logs:
            self._log(log)
        for vertex in update.vertices:
            self._end(self._steps[vertex.digest])
        self.warnings += update.warnings

    def end(self) -> None:
        """Print what was cut short, and of what went wrong the last lines once more."""
        for step in self._steps.values():
            if step.is_named and not step.is_over:
                self._show(step)
                self._write(f"#{step.number} CANCELED\n")
                self._gap, step.is_over = "\n", True
        for step in self._steps.values():
            if step.vertex.error:
                tail = step.tail[-_MOST_LINES_OF_ERROR:]
                lines = "".join(f"{line}\n" for line in tail)
                self._write(f"------\n > {step.vertex.name}:\n{lines}------\n")

    def _vertex(self, vertex: Vertex) -> None:
        step = self._steps.get(vertex.digest)
        if step is None:
            step = _Step(len(self._steps) + 1, vertex)
            self._steps[vertex.digest] = step
        step.vertex = vertex
        if vertex.started or vertex.cached or vertex.completed:
            self._show(step)

    def _show(self, step: _Step) -> None:
        """Say which step the next lines are of."""
        if step.is_over:
            return
        if self._shown == step.vertex.digest and step.is_named:
            return
        if self._shown and not self._steps[self._shown].is_over:
            self._write(f"#{self._steps[self._shown].number} ...\n")
            self._gap = "\n"
        self._shown = step.vertex.digest
        step.is_named = True
        self._write(f"{self._gap}#{step.number} {step.vertex.name}\n")
        self._gap = ""

    def _task(self, task: Task) -> None:
        step = self._steps.get(task.vertex)
        if step is None or task.completed is None or task.id in step.done_tasks:
            return
        step.done_tasks.add(task.id)
        self._show(step)
        size = f" {bytes_text(task.current)}" if task.current else ""
        time = task.completed - (task.started or task.completed)
        took = f" {seconds_text(time)}" if time >= 0.1 else ""
        self._write(f"#{step.number} {task.id}{size}{took} done\n")

    def _log(self, log: Log) -> None:
        step = self._steps.get(log.vertex)
        if step is None:
            return
        self._show(step)
        *lines, step.rest = (step.rest + log.data.decode("utf-8", "replace")).split(
            "\n"
        )
        since = max(0.0, log.timestamp - (step.vertex.started or log.timestamp))
        for line in lines:
            self._line(step, since, line.rstrip("\r"))

    def _line(self, step: _Step, since: float, line: str) -> None:
        step.tail.append(f"{since:.3f} {line}")
        self._write(f"#{step.number} {since:.3f} {line}\n")

    def _end(self, step: _Step) -> None:
        vertex = step.vertex
        if step.is_over or not (vertex.completed or vertex.cached):
            return
        self._show(step)
        took = (vertex.completed or 0.0) - (vertex.started or vertex.completed or 0.0)
        if step.rest:
            self._line(step, took, step.rest)
            step.rest = ""
        if vertex.error:
            self._write(f"#{step.number} ERROR: {vertex.error}\n")
        elif vertex.cached:
            self._write(f"#{step.number} CACHED\n")
        else:
            self._write(f"#{step.number} DONE {seconds_text(took)}\n")
        self._gap = "\n"
        step.is_over = True
