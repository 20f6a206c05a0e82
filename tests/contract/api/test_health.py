"""Health checks that really run."""

import json
import time
from typing import Any

import pytest

from tests.contract.api.world import container
from tests.engines import Engine
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_SECOND = 1_000_000_000


def _check(*test: str, **settings: int) -> dict[str, Any]:
    return {"Healthcheck": {"Test": list(test), "Interval": _SECOND // 5, **settings}}


def _health(engine: Engine, made: str) -> dict[str, Any]:
    found: dict[str, Any] = engine.json("GET", f"/v1.41/containers/{made}/json")[1]
    health: dict[str, Any] = found["State"]["Health"]
    return health


def _becomes(engine: Engine, made: str, status: str) -> dict[str, Any]:
    wait_until(lambda: _health(engine, made)["Status"] == status, f"it is {status}", 20)
    return _health(engine, made)


@pytest.mark.parametrize(
    "settings",
    [
        _check("CMD-SHELL", "echo well"),
        _check("CMD-SHELL", "echo ill; exit 3", Retries=2),
        _check("CMD", "nosuch", Retries=1),
        _check("CMD-SHELL", "sleep 60", Retries=1, Timeout=_SECOND // 2),
    ],
    ids=["good", "bad", "missing", "endless"],
)
def test_the_verdict_and_the_answers(
    both: tuple[Engine, Engine], settings: dict[str, Any]
) -> None:
    found = []
    expected = "healthy" if "echo well" in str(settings) else "unhealthy"
    for engine in both:
        with container(engine, "health", **settings) as made:
            last = _becomes(engine, made, expected)["Log"][0]
            found.append((last["ExitCode"], last["Output"]))
    assert found[0] == found[1]


def test_what_is_told(engine: Engine) -> None:
    since = time.time()
    with container(engine, "health-told", **_check("CMD", "true")) as made:
        assert _health(engine, made)["Status"] == "starting"
        _becomes(engine, made, "healthy")
    query = f"since={since:.9f}&until={time.time():.9f}"
    told = [
        json.loads(line)["Action"]
        for line in engine.request("GET", f"/v1.41/events?{query}")[2].splitlines()
        if made in line.decode()
    ]
    assert told.count("health_status: healthy") == 1
    assert "exec_create: true " in told
    assert "exec_die" in told


def test_the_paused_and_the_stopped_count_as_unhealthy(engine: Engine) -> None:
    with container(engine, "health-paused", **_check("CMD", "true")) as made:
        _becomes(engine, made, "healthy")
        assert engine.json("POST", f"/v1.41/containers/{made}/pause")[0] == 204
        assert _health(engine, made)["Status"] == "unhealthy"
        assert engine.json("POST", f"/v1.41/containers/{made}/unpause")[0] == 204
        _becomes(engine, made, "healthy")
        engine.json("POST", f"/v1.41/containers/{made}/stop?t=0")
        assert _health(engine, made)["Status"] == "unhealthy"


def test_ps_says_and_finds_it(engine: Engine) -> None:
    with container(engine, "health-ps", **_check("CMD", "true")) as made:
        _becomes(engine, made, "healthy")
        filters = '{"health":["healthy"]}'
        _, rows = engine.json("GET", f"/v1.41/containers/json?filters={filters}")
        assert next(row["Status"] for row in rows if row["Id"] == made).endswith(
            "(healthy)"
        )
