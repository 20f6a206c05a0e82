"""Outputs that the book shows."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.course.execute import Outcome, Status
from labkit.course.load import book_folder, load_book
from labkit.course.model import Chapter
from labkit.course.recording import (
    Recording,
    find_traces,
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


def test_finds_outputs_that_name_the_machine() -> None:
    made = record([Outcome(GOOD, Status.OK, "", 0.1, "in /srv/mine\n", 0)], "", {})
    assert find_traces(made, ("/srv/mine",)) == ("good",)
    assert find_traces(made, ("/srv/other", "")) == ()


@pytest.mark.parametrize("chapter", load_book(book_folder()), ids=lambda c: c.name)
def test_the_book_s_recordings_are_those_of_its_steps(chapter: Chapter) -> None:
    recording = load_recording(chapter)
    assert stale_steps(chapter, recording) == (), "run `labkit book record`"
    assert set(recording.steps) == {step.id for step in chapter.steps}
    # Folders of whoever recorded it: a checkout, a test's engine, a temporary folder.
    assert find_traces(recording, ("/work/", "/tmp/lk", ".venv", ".pyenv")) == ()
    assert all(image.startswith("sha256:") for image in recording.images.values())
