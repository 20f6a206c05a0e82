"""Outputs that the book shows."""

from dataclasses import replace
from pathlib import Path

from labkit.course.execute import Outcome, Status
from labkit.course.recording import (
    Recording,
    load_recording,
    record,
    save_recording,
    stale_steps,
)
from tests.unit.course.build import make_chapter

CHAPTER = make_chapter("```{step} good\necho hi\n```\n\n```{step} bad\nfalse\n```\n")
GOOD, BAD = CHAPTER.steps


def test_keeps_the_output_of_steps_that_worked(tmp_path: Path) -> None:
    chapter = replace(CHAPTER, path=tmp_path / "05-testing.md")
    outcomes = [
        Outcome(GOOD, Status.OK, "", 0.1, "hi\n", 0),
        Outcome(BAD, Status.FAILED, "no", 0.1, "oh\n", 1),
    ]
    made = record(outcomes, "labkit 1", {"nginx:latest": "sha256:ab"})
    path = save_recording(chapter, made)
    assert path.parent.name == "outputs"
    again = load_recording(chapter)
    assert again == made
    assert again.output_of(GOOD) == "hi\n"
    assert stale_steps(chapter, again) == ("bad",)


def test_an_output_of_an_older_script_is_none() -> None:
    made = record([Outcome(GOOD, Status.OK, "", 0.1, "hi\n", 0)], "", {})
    assert made.output_of(replace(GOOD, script="echo ho\n")) is None


def test_a_chapter_that_was_never_recorded_has_none(tmp_path: Path) -> None:
    chapter = replace(CHAPTER, path=tmp_path / "05-testing.md")
    assert load_recording(chapter) == Recording()
