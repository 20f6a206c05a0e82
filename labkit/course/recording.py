"""What the steps of a chapter printed when they were last run for the book.

The book shows it below each step. A recording says which engine ran the steps and
which images it had; an output is shown only while the step's script is the one that
was run.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from labkit.base.files import write_atomically
from labkit.course.execute import Outcome, Status
from labkit.course.model import Chapter, Step

FOLDER = "outputs"


@dataclass(frozen=True, slots=True)
class Printed:
    """One step's output; ``script`` is the start of its script's SHA-256."""

    script: str
    output: str


@dataclass(frozen=True, slots=True)
class Recording:
    """One chapter's outputs by step; ``images`` are names with their ids."""

    engine: str = ""
    images: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Printed] = field(default_factory=dict)

    def output_of(self, step: Step) -> str | None:
        """Return what a step printed, unless its script has changed since."""
        printed = self.steps.get(step.id)
        if printed is None or printed.script != mark(step.script):
            return None
        return printed.output


def record(
    outcomes: Iterable[Outcome], engine: str, images: Mapping[str, str]
) -> Recording:
    """Make a recording of steps that worked."""
    steps = {
        outcome.step.id: Printed(mark(outcome.step.script), outcome.output)
        for outcome in outcomes
        if outcome.status is Status.OK
    }
    return Recording(engine, images, steps)


def stale_steps(chapter: Chapter, recording: Recording) -> tuple[str, ...]:
    """Return the steps of which the recording has no output, or an older one's."""
    return tuple(step.id for step in chapter.steps if recording.output_of(step) is None)


def find_traces(recording: Recording, traces: Iterable[str]) -> tuple[str, ...]:
    """Return the steps whose output names the machine on which it was recorded."""
    words = [trace for trace in traces if trace]
    return tuple(
        name
        for name, printed in recording.steps.items()
        if any(word in printed.output for word in words)
    )


def load_recording(chapter: Chapter) -> Recording:
    """Read a chapter's recording; an empty one if there is none."""
    path = _path(chapter)
    if not path.exists():
        return Recording()
    document = json.loads(path.read_text("utf-8"))
    steps = {name: Printed(**fields) for name, fields in document["steps"].items()}
    return Recording(document["engine"], document["images"], steps)


def save_recording(chapter: Chapter, recording: Recording) -> Path:
    """Write a chapter's recording beside the book; return its path."""
    path = _path(chapter)
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(asdict(recording), indent=1, ensure_ascii=False) + "\n"
    write_atomically(path, text.encode(), mode=0o644)
    return path


def mark(script: str) -> str:
    """Return what tells one script from another."""
    return sha256(script.encode()).hexdigest()[:16]


def _path(chapter: Chapter) -> Path:
    return chapter.path.parent / FOLDER / f"{chapter.name}.json"
