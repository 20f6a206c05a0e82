"""``labkit run chapterNN`` on a real engine, from nothing."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from labkit.course.load import book_folder, load_chapter
from tests.course.conftest import CHAPTERS, DOCKERD, THOROUGH
from tests.course.learner import run_labkit, try_labkit

SAMPLE = ("chapter01", "chapter05")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("docker_host", [DOCKERD], indirect=True)
@pytest.mark.parametrize("chapter", CHAPTERS if THOROUGH else SAMPLE)
def test_each_step_does_what_it_should(
    docker_host: str, learner: Path, chapter: str
) -> None:
    """Our own engine runs them in ``test_notebook``."""
    steps = run_chapter(chapter, docker_host, learner)
    assert {step["status"] for step in steps} <= {"ok", "skipped"}, wrong(steps)


@pytest.mark.skipif(not THOROUGH, reason="takes minutes: make thorough")
@pytest.mark.timeout(900)
def test_the_whole_course_runs_in_one_go(docker_host: str, learner: Path) -> None:
    """As a learner goes on who never resets: each chapter finds the others' remains."""
    done = try_labkit("run", "--all", "--json", host=docker_host, home=learner)
    steps = json.loads(done.stdout)["steps"]
    assert wrong(steps) == []


def test_one_step_runs_alone(docker_host: str, learner: Path) -> None:
    printed = run_labkit(
        *("run", "chapter05", "--step", "list"), host=docker_host, home=learner
    )
    assert "ok" in printed
    assert "1 steps: 1 ok" in printed


def test_what_was_reached_outlives_the_tidying_up(
    docker_host: str, learner: Path
) -> None:
    run_labkit("run", "chapter05", "--step", "list", host=docker_host, home=learner)
    run_labkit("reset", "chapter05", host=docker_host, home=learner)
    printed = run_labkit("progress", "--json", host=docker_host, home=learner)
    (fifth,) = (
        each
        for each in json.loads(printed)["chapters"]
        if each["chapter"] == "chapter05"
    )
    assert fifth["steps_done"] == 1


def test_a_step_without_what_it_needs_fails_and_says_why(
    docker_host: str, learner: Path
) -> None:
    printed = run_labkit(
        *("run", "chapter05", "--step", "run-in"),
        host=docker_host,
        home=learner,
        expected=1,
    )
    assert "network my-net not found" in printed


def test_a_step_that_comes_too_early_names_the_one_before_it(
    docker_host: str, learner: Path
) -> None:
    """It would wait for a container that nobody has started."""
    printed = run_labkit(
        *("run", "chapter05", "--step", "mongo-ready"),
        host=docker_host,
        home=learner,
        expected=1,
    )
    assert "run step 'mongo-net' first: its network isn't there" in printed


def run_chapter(
    chapter: str, host: str, home: Path, before: Sequence[str] = ()
) -> list[dict[str, str]]:
    """Run a chapter; return what became of each of its steps."""
    done = try_labkit("run", chapter, "--json", host=host, home=home, before=before)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    steps: list[dict[str, str]] = json.loads(done.stdout)["steps"]
    ids = [step.id for step in load_chapter(chapter, book_folder()).steps]
    assert [step["id"] for step in steps] == ids
    return steps


def wrong(steps: list[dict[str, str]]) -> list[dict[str, str]]:
    return [step for step in steps if step["status"] not in ("ok", "skipped")]
