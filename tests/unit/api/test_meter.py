"""Figures in Prometheus' format."""

import re
from pathlib import Path

from labkit.api.meter import ACTIONS, BUCKETS, Histogram, Meter
from labkit.api.routes.table import ROUTES
from tests.unit.engine.lab import make, make_world, open_lab, run

_LINE = re.compile(
    r"# (HELP|TYPE) \w+ .+"
    r'|[a-z_]+(\{(\w+="[^"\n]*",?)+\})? -?[0-9.e+-]+'
)


def test_buckets_are_cumulative() -> None:
    timer = Histogram()
    for seconds in (0.001, 0.02, 99.0):
        timer.add(seconds)
    assert timer.counts == [1, 1] + [2] * (len(BUCKETS) - 2)
    assert (timer.total, round(timer.seconds, 3)) == (3, 99.021)


def test_times_nothing_but_routes_that_there_are() -> None:
    assert set(ACTIONS) <= {(route.method, route.pattern) for route in ROUTES}


async def test_tells_of_containers_events_and_requests(tmp_path: Path) -> None:
    meter = Meter()
    meter.measure("POST", "/containers/{id*}/start", 0.3)
    meter.measure("GET", "/containers/json", 0.3)  # is no action of Docker's
    async with open_lab(make_world(tmp_path)) as engine:
        await run(engine)
        await make(engine)
        told = engine.events.told
        report = await meter.report(engine)
    assert all(_LINE.fullmatch(line) for line in report.splitlines())
    figures = dict(
        line.rsplit(" ", 1) for line in report.splitlines() if line[0] != "#"
    )
    states = "engine_daemon_container_states_containers"
    assert figures[f'{states}{{state="running"}}'] == "1"
    assert figures[f'{states}{{state="stopped"}}'] == "1"
    assert figures["engine_daemon_events_total"] == str(told)
    assert figures["engine_daemon_health_checks_total"] == "0"
    timer = "engine_daemon_container_actions_seconds"
    assert figures[f'{timer}_bucket{{action="start",le="0.25"}}'] == "0"
    assert figures[f'{timer}_bucket{{action="start",le="0.5"}}'] == "1"
    assert figures[f'{timer}_sum{{action="start"}}'] == "0.3"
    assert sum("containers/json" in line for line in report.splitlines()) == 0
