"""``--filter`` of networks, volumes, images, events and prunes: the same is found.

A table of questions to the same small world in both engines. Where 20.10 says 500 to a
client's mistake, a newer one says 400: only our status has to be below 500 then.
"""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.api.world import PREFIX, container, network
from tests.engines import Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_MADE = re.compile(rf"{PREFIX}f-\w+")
_MINE = re.compile(rf"{_MADE.pattern}|labtest/busybox:latest|^(bridge|host|none)$")
Answers = dict[tuple[str, str], tuple[int, Any]]

_NOBODY = '"label":["labtest-nobody"]'

CASES = {
    "/volumes": (
        *('{"dangling":["true"]}', '{"dangling":["1"]}', '{"dangling":["TRUE"]}'),
        *('{"dangling":["x"]}', '{"driver":["local"]}', '{"driver":["loc"]}'),
        *('{"label":["labtest-f"]}', '{"label":["labtest-f=1"]}', '{"label!":["a"]}'),
        *('{"label":["labtest-f=2"]}', '{"label":["labtest-f","labtest-f=1"]}'),
        *(
            '{"name":["labtest-f"]}',
            '{"name":["^labtest-f-used$"]}',
            '{"name":["f-["]}',
        ),
        *('{"nosuch":["x"]}', '{"scope":["local"]}', "{}", "null", '{"name":null}'),
    ),
    "/networks": (
        *('{"driver":["bridge"]}', '{"driver":["brid"]}', '{"id":["x"]}'),
        *('{"name":["labtest-f"]}', '{"name":["^bridge$"]}', '{"name":["["]}'),
        *('{"label":["labtest-f"]}', '{"label":["labtest-f=2"]}', '{"label!":["a"]}'),
        *('{"scope":["local"]}', '{"scope":["swarm"]}', '{"scope":["x"]}'),
        *('{"type":["custom"]}', '{"type":["builtin"]}', '{"type":["x"]}'),
        *('{"type":["custom","builtin"]}', '{"dangling":["x"]}', '{"nosuch":["x"]}'),
        '{"dangling":["true","false"]}',
    ),
    "/images/json": (
        *('{"reference":["labtest/busybox"]}', '{"reference":["labtest/*"]}'),
        *('{"reference":["labtest/busybox:lat*"]}', '{"reference":["labtest*"]}'),
        *('{"reference":["labtest/busybox:[k-m]*"]}', '{"reference":["["]}'),
        *('{"reference":["labtest/[c-a]*"]}', '{"reference":["labtest/[^c-a]*"]}'),
        *('{"reference":["labtest/[^]"]}', '{"reference":["labtest/*b*u*s*y*b*o*x"]}'),
        *('{"reference":["docker.io/labtest/busybox"]}', '{"dangling":["x"]}'),
        *('{"before":["nosuch"]}', '{"since":["nosuch"]}', '{"nosuch":["x"]}'),
        *('{"before":["labtest/busybox"]}', '{"label":["labtest-nobody"]}'),
    ),
    "/containers/prune": (
        *(f'{{"until":["1h","2h"],{_NOBODY}}}', '{"dangling":["true"]}'),
        *(f"{{{_NOBODY}}}", '{"nosuch":["x"]}', '{"until":["x"]}'),
    ),
    "/networks/prune": (
        *(f'{{"until":["1h","2h"],{_NOBODY}}}', f'{{"label!":["x"],{_NOBODY}}}'),
        *(f"{{{_NOBODY}}}", '{"nosuch":["x"]}', '{"until":["x"]}'),
    ),
    "/volumes/prune": (
        *(f"{{{_NOBODY}}}", '{"nosuch":["x"]}', '{"until":["1h"]}', '{"driver":["x"]}'),
    ),
    "/images/prune": (
        *(f'{{"until":["1h","2h"],{_NOBODY}}}', f'{{"dangling":["x"],{_NOBODY}}}'),
        *(f"{{{_NOBODY}}}", '{"nosuch":["x"]}', '{"until":["x"]}'),
    ),
    "/events?since={since}&until={until}": (
        *('{"type":["container"]}', '{"type":["x"]}', '{"event":["start"]}'),
        *('{"event":["cre"]}', '{"container":["labtest-f-one"]}', '{"daemon":["x"]}'),
        *(
            '{"container":["labtest-f"]}',
            '{"container":["nosuch"]}',
            '{"config":["x"]}',
        ),
        *('{"image":["labtest/busybox"]}', '{"image":["labtest/busybox:latest"]}'),
        *(
            '{"image":["labtest"]}',
            '{"label":["labtest-f"]}',
            '{"volume":["labtest-f"]}',
        ),
        *('{"network":["labtest-f-net"]}', '{"scope":["local"]}', '{"nosuch":["x"]}'),
        *('{"scope":["swarm"]}', '{"type":["container"],"event":["start"]}'),
    ),
}


@contextlib.contextmanager
def _world(engine: Engine) -> Iterator[dict[str, str]]:
    """Make three volumes, two networks and a container; say when."""
    label = {"labtest-f": "1"}
    since = _now()
    for name in ("free", "used"):
        body = {"Name": f"{PREFIX}f-{name}", "Labels": label if name == "free" else {}}
        assert engine.json("POST", "/v1.41/volumes/create", body)[0] == 201
    host = {"Binds": [f"{PREFIX}f-used:/x"], "NetworkMode": f"{PREFIX}f-net"}
    with (
        network(engine, "f-net", Labels=label),
        network(engine, "f-free"),
        container(engine, "f-one", HostConfig=host, Labels=label),
    ):
        yield {"since": since, "until": _now()}
    for name in ("free", "used"):
        engine.request("DELETE", f"/v1.41/volumes/{PREFIX}f-{name}")


def _now() -> str:
    return f"{time.time():.6f}"


@pytest.fixture(scope="module")
def answers(lab_engine: Engine, real_dockerd: Engine) -> tuple[Answers, Answers]:
    """Ask both everything."""
    found: tuple[Answers, Answers] = ({}, {})
    for engine, into in zip((lab_engine, real_dockerd), found, strict=True):
        with _world(engine) as times:
            for path, texts in CASES.items():
                for text in texts:
                    into[path, text] = _ask(engine, path.format(**times), text)
    return found


def _ask(engine: Engine, path: str, filters: str) -> tuple[int, Any]:
    method = "POST" if path.endswith("prune") else "GET"
    mark = "&" if "?" in path else "?"
    url = f"/v1.41{path}{mark}filters={quote(filters)}"
    status, _, data = engine.request(method, url)
    rows = [json.loads(line) for line in data.splitlines() if line.strip()]
    if status != 200:
        message: str = rows[0]["message"]
        return status, message.replace("Invalid filter", "invalid filter")
    if method == "POST":
        return status, rows
    return status, list(dict.fromkeys(_mine(rows if "events" in path else rows[0])))


def _mine(found: Any) -> Iterator[str]:
    """Yield what is called as this test's things are, or always there.

    Not so of events: the networks that are always there may be others'.
    """
    for row in found["Volumes"] or () if isinstance(found, dict) else found:
        actor = row.get("Actor", {})
        named = actor.get("Attributes", {}).get("name") or actor.get("ID")
        names = row.get("RepoTags") or [row.get("Name") or named or ""]
        action = f"{row['Type']} {row['Action']} " if actor else ""
        pattern = _MADE if actor else _MINE
        yield from (action + name for name in names if pattern.search(name))


@pytest.mark.parametrize(
    ("path", "text"),
    [(path, text) for path, texts in CASES.items() for text in texts],
)
def test_finds_the_same(answers: tuple[Answers, Answers], path: str, text: str) -> None:
    (status, ours), (their_status, theirs) = (found[path, text] for found in answers)
    if isinstance(ours, list):
        ours, theirs = sorted(ours, key=str), sorted(theirs, key=str)
    assert ours == theirs
    assert status == (400 if their_status == 500 else their_status)
