"""A build's lines, in the order of the file."""

from dataclasses import replace

import pytest

from labkit.api.present.build import (
    BuildLines,
    describe_cache,
    failure_line,
    last_lines,
    quiet_line,
)
from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.builder.cache import Record
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
    StepFailed,
    StepNote,
    StepOutput,
    StepPulls,
    StepRuns,
    StepStarted,
)
from labkit.engine.builds.prune import CacheUsage
from labkit.images.transfer import PullDone
from tests.contract.fakes.builder import IMAGE

STEP = Step(0, 2, 3, "RUN x")
OTHER = replace(STEP, stage=1, number=3)
IMAGE_ID = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (StepCached(STEP), " ---> Using cache\n"),
        (StepRuns(STEP, "f" * 64), " ---> Running in ffffffffffff\n"),
        (StepNote(STEP, "# note"), "# note\n"),
        (StepOutput(STEP, "stdout", b"out\n"), "out\n"),
        (StepOutput(STEP, "stderr", b"err\n"), "\x1b[91merr\n\x1b[0m"),
        (StepOutput(STEP, "stdout", b"\xff"), "\ufffd"),
        (
            ContainerRemoved(STEP, "f" * 64),
            " ---> Removed intermediate container ffffffffffff\n",
        ),
        (StepDone(STEP, IMAGE_ID), " ---> aaaaaaaaaaaa\n"),
        (StepDone(STEP, ""), " ---> \n"),
    ],
)
def test_says_what_happened(event: Event, text: str) -> None:
    assert list(BuildLines((0,)).add(event)) == [{"stream": text}]


def test_a_step_begins_with_its_number() -> None:
    lines = list(BuildLines((0,)).add(StepStarted(STEP)))
    assert lines == [{"stream": "Step 2/3 : RUN x"}, {"stream": "\n"}]
    assert list(BuildLines((0,)).add(StepFailed(STEP, InvalidInputError("why")))) == []


def test_a_stage_ends_with_its_image() -> None:
    lines = BuildLines((0,))
    assert list(lines.add(StageDone(0, IMAGE_ID))) == [{"aux": {"ID": IMAGE_ID}}]


def test_letters_cut_in_two_are_put_together() -> None:
    lines = BuildLines((0,))
    assert list(lines.add(StepOutput(STEP, "stdout", b"\xc3"))) == []
    assert list(lines.add(StepOutput(STEP, "stdout", b"\xa9"))) == [{"stream": "é"}]


def test_a_container_may_be_kept_unsaid() -> None:
    lines = BuildLines((0,), tells_removal=False)
    assert list(lines.add(ContainerRemoved(STEP, "f" * 64))) == []


def test_a_pull_is_told_as_pull_tells_it() -> None:
    lines = BuildLines((0,))
    done = PullDone(parse_reference("app:1"), True)
    assert list(lines.add(StepPulls(STEP, done))) == [
        {"status": "Status: Downloaded newer image for app:1"}
    ]
    assert list(lines.add(SourceTried("app:1", False))) == []


def test_holds_later_stages_back() -> None:
    lines = BuildLines((0, 1))
    assert list(lines.add(StepNote(OTHER, "second"))) == []
    assert list(lines.add(StepNote(STEP, "first"))) == [{"stream": "first\n"}]
    assert list(lines.add(StageDone(0, ""))) == [{"stream": "second\n"}]
    assert list(lines.add(StepNote(OTHER, "third"))) == [{"stream": "third\n"}]


def test_a_later_stage_that_ended_first_comes_at_its_turn() -> None:
    lines = BuildLines((0, 1, 2))
    assert list(lines.add(StepNote(OTHER, "second"))) == []
    assert list(lines.add(StageDone(1, ""))) == []
    assert list(lines.add(StageDone(0, ""))) == [{"stream": "second\n"}]


def test_a_failure_lets_all_be_said() -> None:
    lines = BuildLines((0, 1))
    list(lines.add(StepNote(OTHER, "second")))
    assert list(lines.rest()) == [{"stream": "second\n"}]
    assert list(lines.rest()) == []


def test_ends_with_id_and_names() -> None:
    built = Built(IMAGE, ("A", "B"))
    lines = list(last_lines(built, (parse_reference("app"),)))
    assert [line["stream"] for line in lines] == [
        "[Warning] One or more build-args [A B] were not consumed\n",
        f"Successfully built {IMAGE.id.short}\n",
        "Successfully tagged app:latest\n",
    ]
    assert quiet_line(IMAGE.id) == {"stream": f"{IMAGE.id}\n"}


def test_a_failed_command_has_its_code() -> None:
    assert failure_line(StepError("why", 7)) == {
        "errorDetail": {"code": 7, "message": "why"},
        "error": "why",
    }
    assert failure_line(InvalidInputError("why")) == {
        "errorDetail": {"message": "why"},
        "error": "why",
    }


def test_lists_what_is_cached() -> None:
    record = Record("k" * 64, "regular", "RUN x", size=5, made_ns=10**9, used_ns=1)
    row = describe_cache(CacheUsage(record, in_use=False, shared=True))
    assert row == {
        "ID": "k" * 25,
        "Parents": None,
        "Type": "regular",
        "Description": "RUN x",
        "InUse": False,
        "Shared": True,
        "Size": 5,
        "CreatedAt": "1970-01-01T00:00:01Z",
        "LastUsedAt": None,
        "UsageCount": 0,
    }
