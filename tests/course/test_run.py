"""``labkit run chapter05`` on a real engine, from nothing and once more."""

import json
from pathlib import Path

import pytest

from labkit.course.load import book_folder, load_chapter
from tests.course.learner import run_labkit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_each_step_does_what_it_should_and_can_be_repeated(
    docker_host: str, learner: Path
) -> None:
    ids = [step.id for step in load_chapter("chapter05", book_folder()).steps]
    for _ in range(2):
        printed = run_labkit(
            "run", "chapter05", "--json", host=docker_host, home=learner
        )
        steps = json.loads(printed)["steps"]
        assert [step["id"] for step in steps] == ids
        assert {step["status"] for step in steps} <= {"ok", "skipped"}


def test_one_step_runs_alone(docker_host: str, learner: Path) -> None:
    printed = run_labkit(
        *("run", "chapter05", "--step", "list"), host=docker_host, home=learner
    )
    assert "ok" in printed
    assert "1 steps: 1 ok" in printed


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
