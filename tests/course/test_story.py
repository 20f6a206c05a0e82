"""A learner's whole way through chapter 5, the same on our engine and on dockerd.

Nothing there; the steps run; the exercises are graded, solved and graded again. What
the grader says must not depend on the engine: both reports are compared, with only
addresses blotted out, which each engine chooses for itself.
"""

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pymongo
import pymongo.errors
import pytest

from tests.course.conftest import ENGINES
from tests.course.learner import run_labkit
from tests.engines import Engine

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(300)]

PAGE = "http://127.0.0.1:8081/"
LOGIN = {"username": "admin", "password": "password"}
_ADDRESS = re.compile(r"\b\d+\.\d+\.\d+\.\d+(/\d+)?")


@dataclass(frozen=True)
class Story:
    """What a learner saw on one engine."""

    steps: list[dict[str, Any]]
    page: str
    databases: list[str]
    refusal: str
    before: dict[str, Any]
    table_before: str
    after: dict[str, Any]


@pytest.fixture(scope="session")
def tell(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Story]:
    """Return a function that lives the story on an engine, once a session."""

    @cache
    def told(engine: str) -> Story:
        home = tmp_path_factory.mktemp("home")
        (home / "seed").write_text("story")
        return live(request.getfixturevalue(engine), home)

    return told


def live(engine: Engine, home: Path) -> Story:
    def labkit(*arguments: str, expected: int = 0) -> str:
        return run_labkit(*arguments, host=engine.host, home=home, expected=expected)

    labkit("reset", "chapter05")
    try:
        steps = json.loads(labkit("run", "chapter05", "--json"))["steps"]
        address = mongo_address(engine)
        seen = {
            "page": curl("-u", "admin:pass", PAGE),
            "databases": databases(address, **LOGIN),
            "refusal": refusal(address),
        }
        before = json.loads(labkit("check", "chapter05", "--json", expected=1))
        table = labkit("check", "chapter05", expected=1)
        labkit("solve", "chapter05")
        after = json.loads(labkit("check", "chapter05", "--json"))
    finally:
        labkit("reset", "chapter05")
    return Story(steps=steps, before=before, table_before=table, after=after, **seen)


def curl(*arguments: str) -> str:
    """Ask for a page; return its status and its text."""
    command = ["curl", "-s", "--max-time", "10", "-w", "\n%{http_code}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    text, _, status = done.stdout.rpartition("\n")
    return f"{status} {text}"


def mongo_address(engine: Engine) -> str:
    """Return the database's address in its network: the host has a way to it."""
    body = engine.json("GET", "/containers/mongodb/json")[1]
    address: str = body["NetworkSettings"]["Networks"]["mongo-net"]["IPAddress"]
    return address


def databases(address: str, **login: str) -> list[str]:
    with pymongo.MongoClient[Any](
        address, 27017, serverSelectionTimeoutMS=10_000, **login
    ) as client:
        return client.list_database_names()


def refusal(address: str) -> str:
    with pytest.raises(pymongo.errors.OperationFailure) as refused:
        databases(address)
    with pytest.raises(pymongo.errors.OperationFailure):
        databases(address, username="admin", password="wrong")
    return str(refused.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_page_and_the_database_answer_those_who_log_in(
    tell: Callable[[str], Story], engine: str
) -> None:
    story = tell(engine)
    assert story.page.startswith("200 ")
    assert "c05shop" in story.page  # the database that a step made
    assert {"admin", "c05shop"} <= set(story.databases)
    assert "authentication" in story.refusal


@pytest.mark.parametrize("engine", ENGINES)
def test_a_failure_says_what_was_expected_and_what_to_do(
    tell: Callable[[str], Story], engine: str
) -> None:
    story = tell(engine)
    assert (story.before["outcome"], story.before["points"]) == ("failed", 0)
    failed = [check for check in checks(story.before) if check["outcome"] == "failed"]
    assert failed == checks(story.before)
    for check in failed:
        assert check["findings"], check["id"]
        for finding in check["findings"]:
            for part in ("field", "expected", "found", "next_step"):
                assert finding[part], (check["id"], finding)
    for word in ("field", "expected", "found", "next"):
        assert word in story.table_before
    assert "Traceback" not in story.table_before


@pytest.mark.parametrize("engine", ENGINES)
def test_the_solution_has_all_points(tell: Callable[[str], Story], engine: str) -> None:
    after = tell(engine).after
    assert after["outcome"] == "passed"
    assert after["points"] == after["possible"] > 0
    assert all(exercise["debrief"] for exercise in after["exercises"])


@pytest.mark.dockerd
def test_both_engines_give_the_same_report(tell: Callable[[str], Story]) -> None:
    ours, docker = tell("stocked_lab"), tell("stocked_dockerd")
    assert blot(ours.before) == blot(docker.before)
    assert blot(ours.after) == blot(docker.after)
    visible = {step["id"] for step in docker.steps if step["status"] != "skipped"}
    assert {step["id"] for step in ours.steps} - visible == {"bridge"}
    for mine, theirs in zip(ours.steps, docker.steps, strict=True):
        if mine["id"] in visible:
            assert facts(mine) == facts(theirs)


def checks(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [check for item in report["exercises"] for check in item["checks"]]


def facts(step: dict[str, Any]) -> tuple[Any, ...]:
    return step["id"], step["status"], step["exit_code"], step["reason"]


def blot(report: dict[str, Any]) -> str:
    """Return a report as text without the addresses that an engine chose."""
    return _ADDRESS.sub("ADDRESS", json.dumps(report, indent=1))
