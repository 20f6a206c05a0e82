"""An engine that is down, hung or dies while it is asked: could not check, no zero."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.course.learner import run_labkit, try_labkit
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
    solved: tuple[OurEngine, Path],
) -> None:
    engine, home = solved
    assert engine.process is not None
    engine.process.send_signal(signal.SIGSTOP)
    try:
        begun = time.monotonic()
        done = try_labkit("check", "chapter05", host=engine.host, home=home)
        assert time.monotonic() - begun < 10
    finally:
        engine.process.send_signal(signal.SIGCONT)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "did not answer in time" in done.stdout
    assert "Traceback" not in done.stderr


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
    solved: tuple[OurEngine, Path],
) -> None:
    engine, home = solved
    engine.stop()
    try:
        done = try_labkit("check", "chapter05", host=engine.host, home=home)
        assert done.returncode == 2
        assert "no engine answers" in done.stdout
        assert not engine.answers()
    finally:
        engine.start()
