"""Many clients at once while the daemon is killed again and again.

Each client leads containers through create, start, exec and remove. What it was told
must hold whatever dies next: a container that was created is there, one that was
started runs, one that was removed is gone. Where it was told nothing, either is right,
and it asks. ``LABKIT_STORM=1000`` makes a bigger storm than the usual one.
"""

import contextlib
import http.client
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.faults.observing import holdings
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(900)]

CONTAINERS = int(os.environ.get("LABKIT_STORM", "48"))
CLIENTS = 8
KILLS = 3  # at least, however fast the machine is
BETWEEN_KILLS = 2.5
UP_AGAIN_SECONDS = 60

Answer = tuple[int, Any]


class Client:
    """Asks until somebody answers."""

    def __init__(self, engine: OurEngine, tally: dict[str, int]) -> None:
        self._engine = engine
        self._tally = tally

    def lead(self, name: str) -> None:
        """Bring one container through its life; every answer is held against later."""
        container = self._create(name)
        self._start(container)
        self._exec(container, name)
        assert self._state(container) == "running"
        self._remove(container)
        assert self._state(container) == ""

    def _create(self, name: str) -> str:
        body = {"Image": TEST_IMAGE, "Cmd": ["sleep", "1000"]}
        answer = self._ask("POST", f"/containers/create?name={name}", body)
        if answer is not None and answer[0] == 201:
            made: str = answer[1]["Id"]
            assert self._state(made) == "created"
            return made
        # Not told: it may be there, and if it is not, the name is free.
        status, found = self._insist("GET", f"/containers/{name}/json")
        assert status in (200, 404), found
        return str(found["Id"]) if status == 200 else self._create(name)

    def _start(self, container: str) -> None:
        status, answer = self._insist("POST", f"/containers/{container}/start")
        assert status in (204, 304), answer
        assert self._state(container) == "running"

    def _exec(self, container: str, word: str) -> None:
        body = {"Cmd": ["echo", word], "AttachStdout": True}
        status, made = self._insist("POST", f"/containers/{container}/exec", body)
        assert status == 201, made
        answer = self._ask("POST", f"/exec/{made['Id']}/start", {"Detach": False})
        # An engine forgets its execs when it dies: then there is none of that id.
        if answer is None or answer[0] == 404:
            self._exec(container, word)
        else:
            assert answer[0] == 200, answer

    def _remove(self, container: str) -> None:
        status, answer = self._insist("DELETE", f"/containers/{container}?force=1")
        assert status in (204, 404), answer

    def _state(self, container: str) -> str:
        status, found = self._insist("GET", f"/containers/{container}/json")
        assert status in (200, 404), found
        return str(found["State"]["Status"]) if status == 200 else ""

    def _insist(self, method: str, path: str, body: Any = None) -> Answer:
        while (answer := self._ask(method, path, body)) is None:
            continue
        return answer

    def _ask(self, method: str, path: str, body: Any = None) -> Answer | None:
        """Ask once; None if the engine died over it."""
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            status, _, answer = self._engine.request(method, path, data, headers)
            parsed = json.loads(answer) if answer[:1] == b"{" else answer
        except (OSError, http.client.HTTPException, ValueError):
            self._tally["unanswered"] += 1
            wait_until(self._engine.answers, "it is up again", UP_AGAIN_SECONDS)
            return None
        self._tally["answered"] += 1
        return status, parsed


@contextlib.contextmanager
def _killing(engine: OurEngine, tally: dict[str, int]) -> Iterator[None]:
    """Kill the daemon every few seconds, and start another."""
    over = threading.Event()

    def axe() -> None:
        while not over.wait(BETWEEN_KILLS):
            engine.kill()
            tally["kills"] += 1
            engine.start()

    thread = threading.Thread(target=axe)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_no_answer_is_contradicted_later() -> None:
    with OurEngine() as engine:
        engine.load(busybox_archive(TEST_IMAGE))
        Client(engine, _tally()).lead("warm-up")
        before = holdings(engine)
        tally, began = _tally(), time.monotonic()
        with _killing(engine, tally), ThreadPoolExecutor(CLIENTS) as pool:
            client = Client(engine, tally)
            numbers = count()

            def lead_lives() -> None:
                while (number := next(numbers)) < CONTAINERS or tally["kills"] < KILLS:
                    client.lead(f"storm-{number}")

            for lives in [pool.submit(lead_lives) for _ in range(CLIENTS)]:
                lives.result()
        seconds = time.monotonic() - began
        print(f"{next(numbers)} containers in {seconds:.0f} s: {tally}")  # noqa: T201
        assert engine.json("GET", "/containers/json?all=1")[1] == []
        _wait_for_equal(lambda: holdings(engine), before)
        assert "Traceback" not in engine.log.read_text()


def _tally() -> dict[str, int]:
    return {"answered": 0, "unanswered": 0, "kills": 0}


def _wait_for_equal(found: Callable[[], object], wanted: object) -> None:
    with contextlib.suppress(AssertionError):
        wait_until(lambda: found() == wanted, "all is as before", 20)
    assert found() == wanted
