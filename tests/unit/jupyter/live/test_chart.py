"""Figures and charts of one container."""

from typing import Any

import pytest

from labkit.jupyter.live.chart import Reading, draw_charts, parse_stats

MIB = 1 << 20


def stats(total: int, system: int, **memory: Any) -> dict[str, Any]:
    return {
        "cpu_stats": {
            "cpu_usage": {"total_usage": total},
            "system_cpu_usage": system,
            "online_cpus": 2,
        },
        "precpu_stats": {
            "cpu_usage": {"total_usage": 100},
            "system_cpu_usage": 1000,
            "online_cpus": 2,
        },
        "memory_stats": memory,
        "pids_stats": {"current": 3},
    }


@pytest.mark.parametrize(
    "cache", [{"inactive_file": MIB}, {"total_inactive_file": MIB, "inactive_file": 1}]
)
def test_counts_as_the_command_line_does(cache: dict[str, int]) -> None:
    reading = parse_stats(stats(200, 2000, usage=3 * MIB, limit=64 * MIB, stats=cache))
    assert reading == Reading(20.0, 2 * MIB, 64 * MIB, 3)


def test_the_first_figures_have_nothing_to_compare_with() -> None:
    body = stats(200, 0)
    assert parse_stats(body).cpu_percent == 0
    assert parse_stats(body).memory_bytes == 0


def test_charts_say_the_last_figures_in_words() -> None:
    readings = [Reading(10.0, MIB, 0, 1), Reading(250.0, 2 * MIB, 24105 * MIB, 2)]
    page = draw_charts("web", readings)
    assert "processor 250.0 %" in page
    assert "memory 2MiB of 23.54GiB" in page  # as docker stats has it
    assert "2 processes" in page
    assert page.count("<polyline") == 2


def test_a_single_reading_is_drawn_and_none_is_waited_for() -> None:
    page = draw_charts("web", [Reading(1.0, MIB, 0, 1)])
    assert "<polyline" in page
    assert "1 process</p>" in page
    assert "Waiting" in draw_charts("web", [])
