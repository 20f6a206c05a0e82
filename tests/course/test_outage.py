"""An engine that is down, hung or dies while it is asked: could not check, no zero."""

import contextlib
import json
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.course.learner import (
    COMMAND,
    learner_environment,
    run_labkit,
    try_labkit,
)
from tests.course.relay import killing
from tests.engines import OurEngine, put_images

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(180)]

EXERCISE = ("check", "--exercise", "c05-e2")


@pytest.fixture(scope="module")
def solved(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[OurEngine, Path]]:
    """Give an engine of one's own, to be hurt, and a learner who has solved c05-e2."""
    home = tmp_path_factory.mktemp("home")
    with OurEngine() as engine:
        put_images(engine)
        run_labkit("solve", "c05-e2", host=engine.host, home=home)
        run_labkit(*EXERCISE, host=engine.host, home=home)
        yield engine, home
        run_labkit("reset", "chapter05", host=engine.host, home=home)


def test_a_hung_engine_is_given_up_within_ten_seconds(
    solved: tuple[OurEngine, Path], tmp_path: Path
) -> None:
    engine, home = solved
    assert engine.process is not None
    engine.process.send_signal(signal.SIGSTOP)
    try:
        ends = _all_surfaces(engine, home, tmp_path)
    finally:
        engine.process.send_signal(signal.SIGCONT)
    for name, end in ends.items():
        assert end.code == 2, (name, end)
        assert end.seconds < 10, (name, end)
        assert "did not answer in time" in end.said, (name, end)
        assert "Traceback" not in end.said, (name, end)


def test_an_engine_that_goes_while_it_is_watched_ends_the_watch(
    solved: tuple[OurEngine, Path],
) -> None:
    engine, home = solved
    for hurt, word in ((signal.SIGSTOP, "in time"), (signal.SIGKILL, "")):
        with _watching(engine, home) as watch:
            assert watch.stdout is not None
            assert "passed" in watch.stdout.readline()
            assert engine.process is not None
            engine.process.send_signal(hurt)
            begun = time.monotonic()
            try:
                _, problem = watch.communicate(timeout=60)
            finally:
                engine.process.send_signal(signal.SIGCONT)
            assert time.monotonic() - begun < 10
        assert watch.returncode == 2
        assert problem.startswith("labkit: could not check: ")
        assert word in problem
    engine.kill()
    engine.start()


@pytest.mark.parametrize("requests", [1, 3, 6])
def test_an_engine_killed_half_way_gives_no_zero(
    solved: tuple[OurEngine, Path], requests: int
) -> None:
    engine, home = solved
    with killing(engine, requests) as path:
        done = try_labkit(*EXERCISE, "--json", host=f"unix://{path}", home=home)
    engine.start()
    report = json.loads(done.stdout)
    assert done.returncode == 2, done.stdout
    assert report["outcome"] == "could not check"
    outcomes = {
        check["outcome"] for item in report["exercises"] for check in item["checks"]
    }
    assert "failed" not in outcomes
    progress = run_labkit("progress", "--json", host=engine.host, home=home)
    rows = json.loads(progress)["chapters"]
    solved_of = {row["chapter"]: row["exercises_solved"] for row in rows}
    assert solved_of["chapter05"] == 1
    # The containers have outlived it: once an engine is back, all is well again.
    run_labkit(*EXERCISE, host=engine.host, home=home)


def test_a_stopped_engine_is_no_zero_and_is_not_started(
    solved: tuple[OurEngine, Path], tmp_path: Path
) -> None:
    engine, home = solved
    engine.stop()
    try:
        ends = _all_surfaces(engine, home, tmp_path)
        assert not engine.answers()
    finally:
        engine.start()
    for name, end in ends.items():
        assert end.code == 2, (name, end)
        assert "no engine answers" in end.said, (name, end)


@dataclass(frozen=True)
class End:
    """How a command ended, what it said, files included, and when."""

    code: int
    said: str
    seconds: float


def _all_surfaces(engine: OurEngine, home: Path, folder: Path) -> dict[str, End]:
    """Ask for the chapter's grade in every way, one after the other."""
    page, junit = folder / "report.html", folder / "report.xml"
    ways = {
        "table": (),
        "json and files": ("--json", "--junit", str(junit), "--html", str(page)),
        "watch": ("--watch",),
    }

    def ask(name: str) -> End:
        begun = time.monotonic()
        done = try_labkit(
            "check", "chapter05", *ways[name], host=engine.host, home=home
        )
        seconds = time.monotonic() - begun
        return End(done.returncode, done.stdout + done.stderr, seconds)

    ends = {name: ask(name) for name in ways}
    report = ET.parse(junit).getroot()
    assert {suite.get("failures") for suite in report} == {"0"}
    assert "0" not in {suite.get("errors") for suite in report}
    assert "</span> could not check" in page.read_text()
    assert "</span> failed" not in page.read_text()
    return ends


@contextlib.contextmanager
def _watching(engine: OurEngine, home: Path) -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(
        [*COMMAND, *EXERCISE, "--watch"],
        env=learner_environment(engine.host, home) | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watch:
        try:
            yield watch
        finally:
            watch.kill()
