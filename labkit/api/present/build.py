"""A build's events as the lines that ``docker build`` prints.

Stages may be built side by side; what they print must not be mixed. So the lines of a
stage are held back until all stages before it in the file are done, and are sent as
they come from then on.
"""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from labkit.api.present.transfers import describe_transfer
from labkit.base.clock import format_time
from labkit.base.digest import Digest
from labkit.base.errors import LabError
from labkit.base.reference import Reference
from labkit.builder.model import (
    Built,
    ContainerRemoved,
    Event,
    SourceTried,
    StageDone,
    Step,
    StepCached,
    StepDone,
    StepError,
    StepNote,
    StepOutput,
    StepPulls,
    StepRuns,
    StepStarted,
)
from labkit.engine.builds.prune import CacheUsage

Line = dict[str, Any]
_RED, _PLAIN = "\x1b[91m", "\x1b[0m"
_BEFORE = -1  # the stage of what stands before the first FROM


@dataclass(slots=True)
class BuildLines:
    """Turns events into lines; ``stages`` are those that are built, as numbered.

    ``keep`` leaves a container's removal unsaid, since the client wants it kept.
    """

    stages: Sequence[int]
    tells_removal: bool = True
    _held: dict[int, list[Line]] = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)
    _decoders: dict[tuple[int, str], codecs.IncrementalDecoder] = field(
        default_factory=dict
    )

    def add(self, event: Event) -> Iterator[Line]:
        """Yield the lines that may be sent now."""
        if isinstance(event, SourceTried):
            return
        stage = event.stage if isinstance(event, StageDone) else event.step.stage
        if isinstance(event, StageDone):
            self._done.add(stage)
        lines = list(self._lines(event))
        if stage == _BEFORE or stage == self._first_open(stage):
            yield from self._held.pop(stage, [])
            yield from lines
            if stage in self._done:
                yield from self._next()
        else:
            self._held.setdefault(stage, []).extend(lines)

    def rest(self) -> Iterator[Line]:
        """Yield what was held back, in order: the build has failed."""
        for stage in sorted(self._held):
            yield from self._held[stage]
        self._held.clear()

    def _first_open(self, stage: int) -> int:
        """Return the first stage that is not done, or this one as it ends."""
        for one in sorted(self.stages):
            if one == stage or one not in self._done:
                return one
        return stage

    def _next(self) -> Iterator[Line]:
        """Let those have their say who waited for a stage to end."""
        for one in sorted(self.stages):
            yield from self._held.pop(one, [])
            if one not in self._done:
                return

    def _lines(self, event: Event) -> Iterator[Line]:
        match event:
            case StepStarted(step):
                yield _stream(f"Step {step.number}/{step.total} : {step.text}")
                yield _stream("\n")
            case StepCached():
                yield _stream(" ---> Using cache\n")
            case StepRuns(_, container_id):
                yield _stream(f" ---> Running in {container_id[:12]}\n")
            case StepPulls(_, pulled):
                yield from describe_transfer(pulled)
            case StepNote(_, text):
                yield _stream(f"{text}\n")
            case StepOutput(step, stream, data):
                yield from self._output(step, stream, data)
            case ContainerRemoved(_, container_id):
                if self.tells_removal:
                    short = container_id[:12]
                    yield _stream(f" ---> Removed intermediate container {short}\n")
            case StepDone(step, image_id):
                if step.stage != _BEFORE:
                    yield _stream(f" ---> {_short(image_id)}\n")
            case StageDone(_, image_id):
                if image_id:
                    yield {"aux": {"ID": image_id}}

    def _output(self, step: Step, stream: str, data: bytes) -> Iterator[Line]:
        key = (step.number, stream)
        decoder = self._decoders.get(key)
        if decoder is None:
            decoder = codecs.getincrementaldecoder("utf-8")("replace")
            self._decoders[key] = decoder
        text = decoder.decode(data)
        if text:
            yield _stream(f"{_RED}{text}{_PLAIN}" if stream == "stderr" else text)


def last_lines(built: Built, names: Sequence[Reference]) -> Iterator[Line]:
    """Yield what is said when all is done."""
    if built.unused_arguments:
        unused = " ".join(built.unused_arguments)
        yield _stream(
            f"[Warning] One or more build-args [{unused}] were not consumed\n"
        )
    yield _stream(f"Successfully built {built.image.id.short}\n")
    for name in names:
        yield _stream(f"Successfully tagged {name.familiar}\n")


def failure_line(error: LabError) -> Line:
    """Say why a build ended; the client ends with the code."""
    detail: dict[str, Any] = {"message": error.message}
    if isinstance(error, StepError):
        detail = {"code": error.code, **detail}
    return {"errorDetail": detail, "error": error.message}


def quiet_line(image_id: Digest) -> Line:
    return _stream(f"{image_id}\n")


def describe_cache(usage: CacheUsage) -> Line:
    """Spell one record of the build cache, as ``docker system df -v`` lists them."""
    record = usage.record
    return {
        "ID": record.key[:25],
        "Parents": [record.parent[:25]] if record.parent else None,
        "Type": record.kind,
        "Description": record.description,
        "InUse": usage.in_use,
        "Shared": usage.shared,
        "Size": record.size,
        "CreatedAt": format_time(record.made_ns),
        "LastUsedAt": format_time(record.used_ns) if record.uses else None,
        "UsageCount": record.uses,
    }


def _stream(text: str) -> Line:
    return {"stream": text}


def _short(image_id: str) -> str:
    return image_id.removeprefix("sha256:")[:12]
