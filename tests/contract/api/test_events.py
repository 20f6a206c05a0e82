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


def test_volumes_networks_execs_and_images_tell_as_well(
    both: tuple[Engine, Engine],
) -> None:
    volume, image = f"{PREFIX}volume", f"{PREFIX}image"
    stories = []
    for engine in both:
        since = time.time()
        assert engine.json("POST", "/v1.41/volumes/create", {"Name": volume})[0] == 201
        tagged = f"/v1.41/images/{TEST_IMAGE}/tag?repo={image}&tag=1"
        assert engine.json("POST", tagged)[0] == 201
        mounts = [{"Type": "volume", "Source": volume, "Target": "/v"}]
        with (
            network(engine, "told"),
            container(engine, "told", HostConfig={"Mounts": mounts}) as made,
        ):
            where = f"/v1.41/networks/{PREFIX}told"
            for verb in ("connect", "disconnect"):
                who = {"Container": made}
                assert engine.json("POST", f"{where}/{verb}", who)[0] == 200
            done = engine.docker("exec", made, "sh", "-c", "exit 3")
            assert done.returncode == 3
        assert engine.request("DELETE", f"/v1.41/volumes/{volume}")[0] == 204
        assert engine.request("DELETE", f"/v1.41/images/{image}:1")[0] == 200
        told = [_outline(event) for event in _told(engine, since)]
        stories.append([story for story in told if story[2].get("name") != "bridge"])
    ours, theirs = stories
    # 20.10 tells of a volume again when a container asks for one that is there.
    again = theirs.index(("volume", "create", {"driver": "local"}), 1)
    del theirs[again]
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
