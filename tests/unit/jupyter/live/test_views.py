"""The live views, on an engine of which the test decides what is in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labkit.jupyter.live.views import close_views, show_containers, show_topology
from tests.unit.jupyter.live.fakes import LiveEngine, live_engine
from tests.unit.jupyter.live.test_world import container, network
from tests.waiting import wait_until


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[tuple[LiveEngine, str]]:
    with live_engine(tmp_path) as found:
        yield found
        close_views()


def test_the_table_follows_the_engine(engine: tuple[LiveEngine, str]) -> None:
    fake, host = engine
    box = show_containers(host)
    table, choice, _ = box.children
    wait_until(lambda: "no container yet" in table.value, "the empty table")
    fake.containers.append(container("web"))
    fake.emit({"Type": "container", "Action": "start"})
    wait_until(lambda: "● Up 2 minutes" in table.value, "the new container")
    assert choice.children[0].options == ("web",)


def test_a_log_is_shown_below_when_asked_for(engine: tuple[LiveEngine, str]) -> None:
    fake, host = engine
    fake.containers.append(container("web"))
    _, choice, below = show_containers(host).children
    name, what = choice.children
    wait_until(lambda: name.value == "web", "the container is offered")
    fake.streaming.clear()
    what.value = "its log"
    wait_until(fake.streaming.is_set, "the log is asked for")
    assert "Waiting for web" in below.value
    what.value = "nothing"
    assert below.value == ""


def test_showing_it_again_ends_the_one_before(engine: tuple[LiveEngine, str]) -> None:
    fake, host = engine
    first: Any = show_topology(host).children[0]
    wait_until(lambda: "neither" in first.value, "the first drawing")
    second: Any = show_topology(host).children[0]
    wait_until(lambda: "neither" in second.value, "the second drawing")
    fake.networks.append(network("shop"))
    fake.emit({"Type": "network", "Action": "create"})
    fake.emit({"Type": "network", "Action": "create"})
    wait_until(lambda: "Network shop, bridge: nobody." in second.value, "the network")
    assert "shop" not in first.value


def test_an_engine_that_stops_is_said(engine: tuple[LiveEngine, str]) -> None:
    fake, host = engine
    table = show_containers(host).children[0]
    wait_until(lambda: table.value, "the table")
    fake.end()
    wait_until(lambda: "no longer live" in table.value, "the reason")
    assert "the engine has stopped" in table.value
