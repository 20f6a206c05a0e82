"""What is told, in which order, with which attributes."""

import json
import time
from typing import Any

import pytest

from tests.contract.api.world import PREFIX, container, network
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_UNLIKE = ("container", "execID")


def _told(engine: Engine, since: float) -> list[dict[str, Any]]:
    """Return what happened to the things of this test since a moment, in order."""
    query = f"since={since:.9f}&until={time.time():.9f}"
    status, _, answer = engine.request("GET", f"/v1.41/events?{query}")
    assert status == 200
    return [event for event in map(json.loads, answer.splitlines()) if _ours(event)]


def _ours(event: dict[str, Any]) -> bool:
    attributes = event["Actor"]["Attributes"]
    named = attributes.get("name", "") + event["Actor"]["ID"]
    return PREFIX in named


def _outline(event: dict[str, Any]) -> tuple[str, str, dict[str, str]]:
    attributes = event["Actor"]["Attributes"]
    kept = {name: text for name, text in attributes.items() if name not in _UNLIKE}
    return event["Type"], event["Action"], kept


def test_the_life_of_a_container(both: tuple[Engine, Engine]) -> None:
    stories = []
    for engine in both:
        since = time.time()
        with (
            network(engine, "events"),
            container(
                engine,
                "events",
                Labels={"a": "b"},
                HostConfig={"NetworkMode": f"{PREFIX}events"},
                Cmd=["sh", "-c", "trap : TERM; sleep 1000 & wait; exit 3"],
            ) as made,
        ):
            path = f"/v1.41/containers/{made}"
            assert engine.json("POST", f"{path}/pause")[0] == 204
            assert engine.json("POST", f"{path}/unpause")[0] == 204
            assert engine.json("POST", f"{path}/stop?t=5")[0] == 204
            renamed = f"{PREFIX}events-renamed"
            assert engine.json("POST", f"{path}/rename?name={renamed}")[0] == 204
        stories.append([_outline(event) for event in _told(engine, since)])
    ours, theirs = stories
    assert [story[:2] for story in ours] == [story[:2] for story in theirs]
    assert ours == theirs


def test_an_event_has_dockers_fields(both: tuple[Engine, Engine]) -> None:
    found = []
    for engine in both:
        since = time.time()
        with container(engine, "fields"):
            pass
        found.append({e["Action"]: sorted(e) for e in _told(engine, since)})
    assert found[0] == found[1]


def test_filters_choose(engine: Engine) -> None:
    since = time.time()
    with container(engine, "chosen", Labels={"labtest": "yes"}):
        pass
    filters = json.dumps(
        {"event": ["start", "die"], "label": ["labtest=yes"], "type": ["container"]}
    ).replace(" ", "")
    query = f"since={since:.9f}&until={time.time():.9f}&filters={filters}"
    _, _, answer = engine.request("GET", f"/v1.41/events?{query}")
    actions = [json.loads(line)["Action"] for line in answer.splitlines()]
    assert actions == ["start", "die"]
    assert TEST_IMAGE in answer.decode()
