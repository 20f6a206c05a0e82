"""A build's events as BuildKit's ``SolveStatus``, which draws progress.

A *vertex* is a step that makes files; it is told again whenever it changes. Output is
base64, times are RFC 3339. Instructions that only change the configuration are no
vertices, unless they fail.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from labkit.api.present.pull_status import PullStatus
from labkit.base.clock import Clock, format_time
from labkit.base.digest import Digest
from labkit.base.errors import LabError
from labkit.base.go_text import go_quote
from labkit.builder.model import (
    Built,
    Event,
    MissingFileError,
    SourceTried,
    StageDone,
    Step,
    StepCached,
    StepDone,
    StepError,
    StepFailed,
    StepNote,
    StepOutput,
    StepPulls,
    StepStarted,
)
from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.rules import LintWarning

Line = dict[str, Any]
_STREAMS = {"stdout": 1, "stderr": 2}


@dataclass(slots=True)
class SolveStatus:
    """Turns events into lines."""

    clock: Clock
    dockerfile: str
    filename: str
    _started: dict[int, str] = field(default_factory=dict)
    _cached: set[int] = field(default_factory=set)
    _failed: Step | None = None
    _pulls: PullStatus = field(default_factory=PullStatus)

    def add(self, event: Event) -> Iterator[Line]:
        """Yield what is to be told now."""
        if isinstance(event, StageDone):
            return
        if isinstance(event, SourceTried):
            yield self._source(event)
            return
        step = event.step
        match event:
            case StepStarted():
                self._started[step.number] = self._now()
                if step.place:
                    yield self._vertex(step)
            case StepCached():
                self._cached.add(step.number)
            case StepOutput(_, stream, data):
                yield self._log(step, _STREAMS.get(stream, 1), data)
            case StepPulls(_, pulled):
                told = self._pulls.describe(_digest(step), pulled, self._now())
                if told:
                    yield {"statuses": told}
            case StepNote(_, text):
                yield self._log(step, 1, f"{text}\n".encode())
            case StepDone() if step.place:
                yield self._vertex(step, completed=self._now())
            case StepFailed(_, error):
                self._failed = step
                yield self._vertex(step, completed=self._now(), error=describe(error))

    def failure(self, error: LabError) -> Line:
        """Say why the build ended, and which lines are to blame."""
        found: dict[str, Any] = {"message": describe(error)}
        if isinstance(error, StepError):
            found["code"] = error.code
        if isinstance(error, MissingFileError):
            found["message"] = f"failed to compute cache key: {describe(error)}"
            found |= {"place": error.place, "path": error.path}
        lines = self._lines(error)
        if lines is not None:
            found |= {"filename": self.filename, "source": self.dockerfile}
            found |= {"first": lines[0], "last": lines[1]}
        return {"failed": found}

    def _lines(self, error: LabError) -> tuple[int, int] | None:
        if isinstance(error, DockerfileError):
            return error.lines.first, error.lines.last
        if self._failed is not None and self._failed.lines[0]:
            return self._failed.lines
        return None

    def _source(self, tried: SourceTried) -> Line:
        name, now = f"importing cache manifest from {tried.name}", self._now()
        digest = Digest.of(name.encode()).text
        vertex = {"digest": digest, "name": name, "started": now, "completed": now}
        if not tried.is_there:  # the build goes on without
            vertex["error"] = (
                f"failed to configure registry cache importer: {tried.name}: not found"
            )
        return {"vertexes": [vertex]}

    def _vertex(self, step: Step, completed: str = "", error: str = "") -> Line:
        vertex: dict[str, Any] = {
            "digest": _digest(step),
            "name": self._name(step),
            "started": self._started.get(step.number),
        }
        if step.number in self._cached:
            vertex["cached"] = True
        if completed:
            vertex["completed"] = completed
        if error:
            vertex["error"] = error
        return {"vertexes": [vertex]}

    def _log(self, step: Step, stream: int, data: bytes) -> Line:
        log = {
            "vertex": _digest(step),
            "stream": stream,
            "data": base64.b64encode(data).decode(),
            "timestamp": self._now(),
        }
        return {"logs": [log]}

    def _name(self, step: Step) -> str:
        text = step.shown or step.text
        if not step.place:
            return text
        width = len(str(step.places))
        place = f"{step.place:>{width}}/{step.places}"
        stage = f"{step.stage_name} " if step.stage_name else ""
        return f"[{stage}{place}] {text}"

    def _now(self) -> str:
        return format_time(self.clock.now_ns())


def describe(error: LabError) -> str:
    """Spell a failure as BuildKit does."""
    if isinstance(error, StepError):
        return (
            f"process {go_quote(error.command)} did not complete successfully: "
            f"exit code: {error.code}"
        )
    if isinstance(error, MissingFileError):
        hint = f" ({error.hint})" if error.hint else ""
        return (
            f"failed to calculate checksum of ref {error.place}: "
            f"{go_quote(error.path)}: not found{hint}"
        )
    return error.message


def warnings_line(warnings: Sequence[LintWarning], text: str, filename: str) -> Line:
    """Tell of what the checks found, with the whole file: clients show the lines."""
    source = {"filename": filename, "data": _base64(text)}
    return {
        "warnings": [
            {
                "level": 1,
                "short": _base64(str(one)),
                "detail": [_base64(one.rule.description)],
                "url": one.rule.url,
                "sourceInfo": source,
                "range": [
                    {"start": {"line": line}, "end": {"line": line}}
                    for line in range(one.lines.first, one.lines.last + 1)
                ],
            }
            for one in warnings
        ]
    }


def _base64(text: str) -> str:
    return base64.b64encode(text.encode(errors="replace")).decode()


def result(built: Built, names: tuple[str, ...]) -> Line:
    return {"result": {"ID": built.image.id.text, "Names": list(names)}}


def _digest(step: Step) -> str:
    return Digest.of(f"{step.stage} {step.number} {step.text}".encode()).text
