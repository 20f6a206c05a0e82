"""Filters of ps, moments of prune, rows of top, fields of stats."""

import contextlib
import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.api.world import PREFIX, container, free_port, normalise
from tests.engines import Engine
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_LABELS = {"labtest-listing": "yes"}
_FILTERS = (
    '{"exited":["3"]}',
    '{"exited":["x"]}',
    '{"status":["created","exited"]}',
    '{"status":["perhaps"]}',
    '{"health":["none"]}',
    '{"health":["perhaps"]}',
    '{"label":["labtest-listing=yes","only=first"]}',
    '{"volume":["/v"]}',
    '{"expose":["90"]}',
    '{"publish":["80"]}',
    '{"before":["labtest-listing-2"]}',
    '{"since":["labtest-listing-2"]}',
    '{"since":["nosuch"]}',
    '{"before":["nosuch"]}',
    '{"ancestor":["labtest/busybox"]}',
    '{"ancestor":["nosuch"]}',
    '{"network":["bridge"]}',
    '{"name":["listing-[12]$"]}',
    '{"is-task":["true"]}',
    '{"is-task":["perhaps"]}',
    '{"isolation":["default"]}',
    '{"nosuch":["x"]}',
)
_MOMENTS = (
    *("1h", "1.5h", "300ms", "1136073845", "1136073845.5"),
    *("2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z", "nosuch"),
)


@contextlib.contextmanager
def _three(engine: Engine) -> Iterator[None]:
    first, second = {**_LABELS, "only": "first"}, {**_LABELS, "only": "second"}
    busy = {
        "Volumes": {"/v": {}},
        "ExposedPorts": {"80/tcp": {}, "90/tcp": {}},
        "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": str(free_port())}]}},
    }
    ended = {"Cmd": ["sh", "-c", "exit 3"], "Labels": _LABELS}
    with (
        container(engine, "listing-1", start=False, Labels=first),
        container(engine, "listing-2", Labels=second, **busy),
        container(engine, "listing-3", **ended) as made,
    ):
        engine.json("POST", f"/v1.41/containers/{made}/wait")
        yield


def _listed(engine: Engine, filters: str) -> Any:
    query = f"all=1&filters={quote(filters)}"
    status, answer = engine.json("GET", f"/v1.41/containers/json?{query}")
    if status != 200:
        return status, answer["message"].replace("Invalid filter", "invalid filter")
    names = [name for row in answer for name in row["Names"]]
    return status, [name for name in names if f"{PREFIX}listing" in name]


def test_every_filter_finds_the_same(both: tuple[Engine, Engine]) -> None:
    found = []
    for engine in both:
        with _three(engine):
            found.append([_listed(engine, text) for text in _FILTERS])
    # 20.10 says 500 where the client is wrong; its sentences are today's.
    for text, (status, ours), (_, theirs) in zip(_FILTERS, *found, strict=True):
        assert ours == theirs, text
        assert status < 500, text


@pytest.mark.parametrize("moment", _MOMENTS)
def test_prune_reads_the_same_moments(both: tuple[Engine, Engine], moment: str) -> None:
    filters = json.dumps({"until": [moment], "label": ["labtest-listing-nobody"]})
    found = [
        engine.json("POST", f"/v1.41/containers/prune?filters={quote(filters)}")[1]
        for engine in both
    ]
    assert found[0] == found[1]


def _sleeps(engine: Engine, container_id: str) -> bool:
    _, table = engine.json("GET", f"/v1.41/containers/{container_id}/top")
    return "sleep" in str(table["Processes"])


def test_top_takes_the_arguments_of_ps(both: tuple[Engine, Engine]) -> None:
    found = []
    for engine in both:
        with container(engine, "top") as made:
            path = f"/v1.41/containers/{made}/top?ps_args="
            # runc's own program is there until it has become the container's.
            wait_until(partial(_sleeps, engine, made), "the program runs")
            _, table = engine.json("GET", f"{path}{quote('-o pid,args')}")
            rows = [row[1:] for row in table["Processes"]]
            refusals = [
                engine.json("GET", f"{path}{quote(arguments)}")[1]
                for arguments in ("-o comm", "--nosuch-option")
            ]
            found.append((table["Titles"], rows, refusals))
    assert found[0] == found[1]


@pytest.mark.parametrize("runs", [True, False], ids=["running", "created"])
def test_stats_have_dockers_fields(both: tuple[Engine, Engine], runs: bool) -> None:
    found = []
    for engine in both:
        with container(engine, "stats", start=runs) as made:
            path = f"/v1.41/containers/{made}/stats?stream=0&one-shot=1"
            found.append(engine.json("GET", path)[1])
    ours, theirs = found
    assert sorted(ours) == sorted(theirs)
    for part in ("blkio_stats", "cpu_stats", "pids_stats", "networks"):
        assert sorted(ours.get(part, ())) == sorted(theirs.get(part, ())), part
    if not runs:
        kept = [normalise({**one, "read": "", "name": ""}) for one in found]
        assert kept[0] == kept[1]
    else:
        assert ours["memory_stats"]["limit"] == theirs["memory_stats"]["limit"]
