"""Two hundred lives leave nothing behind: no mount, link, group, fd or process."""

import contextlib
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.faults.observing import holdings, processes_of
from tests.leftovers import take_stock
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

ROUNDS = 200


@pytest.fixture(scope="module")
def engine() -> Iterator[OurEngine]:
    """An engine with nothing in it but an image."""
    with OurEngine() as made:
        made.load(busybox_archive(TEST_IMAGE))
        _one_life(made)  # what is made once and kept is made
        yield made


def _one_life(engine: OurEngine) -> None:
    body = {"Image": TEST_IMAGE, "Cmd": ["sleep", "1000"], "Volumes": {"/data": {}}}
    status, answer = engine.json("POST", "/containers/create", body)
    assert status == 201, answer
    path = f"/containers/{answer['Id']}"
    assert engine.json("POST", f"{path}/start")[0] == 204
    assert engine.json("POST", f"{path}/stop?t=0")[0] == 204
    assert engine.json("DELETE", f"{path}?v=1")[0] == 204


def _settles(engine: OurEngine, before: Counter[str]) -> None:
    # The kernel takes links and namespaces away in its own time.
    with contextlib.suppress(AssertionError):
        wait_until(lambda: holdings(engine) <= before, "nothing more is held", 20)
    assert holdings(engine) - before == Counter()


@pytest.mark.timeout(300)
def test_two_hundred_containers_leave_nothing(engine: OurEngine) -> None:
    before = holdings(engine)
    for _ in range(ROUNDS):
        _one_life(engine)
    _settles(engine, before)


def test_followers_that_leave_hold_nothing(engine: OurEngine) -> None:
    before = holdings(engine)
    for query in ("events", "containers/json"):
        for _ in range(20):
            with engine.follow(f"/{query}"):
                pass
    _settles(engine, before)


def test_a_graceful_end_leaves_nothing_on_the_machine() -> None:
    with OurEngine() as engine:
        marks = (engine.json("GET", "/labkit/facts")[1]["engine_id"], str(engine.root))
        engine.load(busybox_archive(TEST_IMAGE))
        _one_life(engine)
        assert _marked(marks)
        engine.stop()
        assert processes_of(engine) == {}
        wait_until(lambda: not _marked(marks), "nothing with its name is there")
        engine.start()


def _marked(marks: tuple[str, ...]) -> list[str]:
    """List what carries an engine's id or folder; others may work on this machine."""
    return [line for line in take_stock() if any(mark in line for mark in marks)]
