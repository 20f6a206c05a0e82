"""Other limits while it runs: the same answers, and the kernel's files agree."""

from typing import Any

import pytest

from tests.contract.api.world import container, normalise
from tests.engines import Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_MIB = 1 << 20
_LIMITED = {"HostConfig": {"Memory": 64 * _MIB, "NanoCpus": 500_000_000}}
_CASES: tuple[dict[str, Any], ...] = (
    {},
    {"Memory": 100 * _MIB},
    {"Memory": 300 * _MIB},
    {"Memory": 300 * _MIB, "MemorySwap": 600 * _MIB},
    {"Memory": 1000},
    {"MemoryReservation": 1000},
    {"CpuQuota": 5000},
    {"CpuPeriod": 50_000},
    {"NanoCpus": 1_000_000_000},
    {"NanoCpus": 99_000_000_000_000},
    {"CpusetCpus": "0"},
    {"CpusetCpus": "7777"},
    {"PidsLimit": 20},
    {"PidsLimit": -1},
    {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}},
    {"RestartPolicy": {"Name": "perhaps"}},
)


def _update(engine: Engine, made: str, body: dict[str, Any]) -> tuple[int, Any]:
    return engine.json("POST", f"/v1.41/containers/{made}/update", body)


def test_the_same_answers(both: tuple[Engine, Engine]) -> None:
    found = []
    for engine in both:
        with container(engine, "update", **_LIMITED) as made:
            answers = [list(_update(engine, made, body)) for body in _CASES]
            found.append(normalise(answers))
    for body, ours, theirs in zip(_CASES, *found, strict=True):
        assert ours == theirs, body


def test_what_vanishes_at_its_end_is_not_restarted(engine: Engine) -> None:
    with container(engine, "update-rm", HostConfig={"AutoRemove": True}) as made:
        status, answer = _update(engine, made, {"RestartPolicy": {"Name": "always"}})
    assert status == 409
    assert "Restart policy cannot be updated because AutoRemove" in answer["message"]


def test_the_kernel_is_told(lab_engine: Engine) -> None:
    with container(lab_engine, "update-kernel", **_LIMITED) as made:
        limits = {"Memory": 96 * _MIB, "PidsLimit": 33, "NanoCpus": 1_000_000_000}
        assert _update(lab_engine, made, limits)[0] == 200
        seen = lab_engine.json("GET", f"/v1.41/containers/{made}/stats?stream=0")[1]
        host = lab_engine.json("GET", f"/v1.41/containers/{made}/json")[1]["HostConfig"]
    assert seen["memory_stats"]["limit"] == 96 * _MIB
    assert seen["pids_stats"]["limit"] == 33
    assert (host["Memory"], host["PidsLimit"]) == (96 * _MIB, 33)
