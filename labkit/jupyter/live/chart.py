"""What a container uses: the numbers of ``docker stats`` as a chart of a minute."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labkit.base.units import bytes_size

WIDTH, HEIGHT = 260, 60


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of statistics, as the command line counts them."""

    cpu_percent: float
    memory_bytes: int
    memory_limit: int
    processes: int


def parse_stats(body: Mapping[str, Any]) -> Reading:
    """Read one document of ``GET /containers/{id}/stats``."""
    memory = body.get("memory_stats") or {}
    stats = memory.get("stats") or {}
    # What files left in memory is not the container's need: v1 and v2 name it apart.
    cache = stats.get("total_inactive_file", stats.get("inactive_file", 0))
    return Reading(
        cpu_percent=_cpu_percent(body["cpu_stats"], body["precpu_stats"]),
        memory_bytes=max(0, memory.get("usage", 0) - cache),
        memory_limit=memory.get("limit", 0),
        processes=(body.get("pids_stats") or {}).get("current", 0),
    )


def _cpu_percent(now: Mapping[str, Any], before: Mapping[str, Any]) -> float:
    used = now["cpu_usage"]["total_usage"] - before["cpu_usage"]["total_usage"]
    passed = now.get("system_cpu_usage", 0) - before.get("system_cpu_usage", 0)
    if used <= 0 or passed <= 0:
        return 0.0
    return float(used / passed * (now.get("online_cpus") or 1) * 100)


def draw_charts(name: str, readings: Sequence[Reading]) -> str:
    """Draw processor and memory over the last readings, with the last one in words."""
    if not readings:
        return f"<p>Waiting for figures of {html.escape(name)} …</p>"
    last = readings[-1]
    processes = f"{last.processes} process{'' if last.processes == 1 else 'es'}"
    limit = f" of {bytes_size(last.memory_limit)}" if last.memory_limit else ""
    processor = [reading.cpu_percent for reading in readings]
    memory = [float(reading.memory_bytes) for reading in readings]
    return (
        f"<p><strong>{html.escape(name)}</strong>: {processes}</p>"
        + _chart(f"processor {last.cpu_percent:.1f} %", processor, 100.0)
        + _chart(f"memory {bytes_size(last.memory_bytes)}{limit}", memory, 0.0)
    )


def _chart(caption: str, values: Sequence[float], at_least: float) -> str:
    """Draw one line; its top is the highest value, or ``at_least``."""
    top = max(*values, at_least, 1.0)
    step = WIDTH / max(1, len(values) - 1)
    points = " ".join(
        f"{index * step:.1f},{HEIGHT - value / top * (HEIGHT - 4) - 2:.1f}"
        for index, value in enumerate(values)
    )
    return (
        f"<figure style='display: inline-block; margin: 0 1.5em 0 0'>"
        f"<svg role='img' width='{WIDTH}' height='{HEIGHT}' "
        "style='background: var(--jp-layout-color2, #eee)'>"
        f"<title>{html.escape(caption)}</title>"
        f"<polyline points='{points}' fill='none' stroke-width='2' "
        "stroke='var(--jp-brand-color1, #1976d2)'/></svg>"
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )
