"""Swarm and plugins: an engine without them answers as a dockerd without them."""

import contextlib
from typing import Any

import pytest

from tests.engines import Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_READS = (
    "/swarm",
    "/swarm/unlockkey",
    "/swarm/nosuch",
    "/nodes",
    "/nodes/x",
    "/services",
    "/services/x",
    "/services/x/logs",
    "/services/x/logs?stdout=1",
    "/tasks",
    "/tasks/x",
    "/tasks/x/logs",
    "/tasks/x/logs?stderr=1",
    "/secrets",
    "/secrets/x",
    "/configs",
    "/configs/x",
    "/plugins",
    "/plugins/x/json",
    "/plugins/a/b/json",
)
_UPDATES = ("swarm", "nodes/x", "services/x", "secrets/x", "configs/x")
_VERSIONS = ("", "?version=1", "?version=-1", "?version=one", f"?version={1 << 64}")
_WRITES: tuple[tuple[str, Any], ...] = (
    ("/swarm/init", {}),
    ("/swarm/join", {}),
    ("/swarm/leave", None),
    ("/swarm/leave?force=1", None),
    ("/swarm/unlock", {}),
    ("/services/create", {}),
    ("/secrets/create", {}),
    ("/configs/create", {}),
    ("/plugins/x/enable?timeout=0", None),
    ("/plugins/x/disable", None),
    ("/plugins/x/push", None),
    ("/plugins/x/set", ["A=b"]),
    *((f"/{name}/update{version}", {}) for name in _UPDATES for version in _VERSIONS),
)
_DELETES = ("/nodes/x", "/services/x", "/secrets/x", "/configs/x", "/plugins/x")
_CASES = (
    *(("GET", path, None) for path in _READS),
    *(("POST", path, body) for path, body in _WRITES),
    *(("DELETE", path, None) for path in _DELETES),
)


@pytest.mark.parametrize(("method", "path", "body"), _CASES)
def test_answers_as_one_that_is_in_no_swarm(
    both: tuple[Engine, Engine], method: str, path: str, body: Any
) -> None:
    ours, theirs = (engine.json(method, "/v1.41" + path, body) for engine in both)
    assert ours == theirs


def test_plugins_have_filters_of_their_own(both: tuple[Engine, Engine]) -> None:
    for filters in ('{"enabled":["true"]}', '{"capability":["x"]}', '{"nosuch":["x"]}'):
        path = f"/v1.41/plugins?filters={filters}"
        ours, theirs = (engine.json("GET", path) for engine in both)
        assert str(ours).lower() == str(theirs).lower()


def test_the_sdk_can_leave_no_swarm(engine: Engine) -> None:
    with contextlib.closing(engine.client()) as client:
        assert client.swarm.leave(force=True) is True
