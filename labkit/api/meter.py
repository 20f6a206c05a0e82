"""Figures for Prometheus, by the names of dockerd's where they mean the same.

    engine_daemon_container_actions_seconds   how long each kind of request took
    engine_daemon_network_actions_seconds
    engine_daemon_container_states_containers how many containers are in which state
    engine_daemon_events_total ...            what the engine itself counts

What is measured is the request as its client saw it: waiting for a lock is in it.
The text is Prometheus' own format, version 0.0.4: a line a figure, buckets cumulative.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labkit.engine.engine import Engine
from labkit.engine.system.info import EngineInfo, info
from labkit.engine.system.version import EngineVersion, version

METRICS_TYPE = "text/plain; version=0.0.4"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_CONTAINERS, _NETWORKS = "container_actions", "network_actions"
ACTIONS = {
    ("POST", "/containers/create"): (_CONTAINERS, "create"),
    ("POST", "/containers/{id*}/start"): (_CONTAINERS, "start"),
    ("POST", "/commit"): (_CONTAINERS, "commit"),
    ("DELETE", "/containers/{id*}"): (_CONTAINERS, "delete"),
    ("GET", "/containers/{id*}/changes"): (_CONTAINERS, "changes"),
    ("POST", "/networks/create"): (_NETWORKS, "create"),
    ("POST", "/networks/{id*}/connect"): (_NETWORKS, "connect"),
    ("POST", "/networks/{id*}/disconnect"): (_NETWORKS, "disconnect"),
    ("DELETE", "/networks/{id*}"): (_NETWORKS, "delete"),
}
"""Method and pattern of a route -> the figure that it counts for."""


@dataclass(slots=True)
class Histogram:
    """How often something took how long."""

    counts: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))
    total: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        for place, bound in enumerate(BUCKETS):
            self.counts[place] += seconds <= bound
        self.total += 1
        self.seconds += seconds


class Meter:
    """Times requests; what is no action of Docker's metrics is not timed."""

    def __init__(self) -> None:
        self._timers = {action: Histogram() for action in ACTIONS.values()}

    def measure(self, method: str, pattern: str, seconds: float) -> None:
        action = ACTIONS.get((method, pattern))
        if action is not None:
            self._timers[action].add(seconds)

    async def report(self, engine: Engine) -> str:
        """Return all figures in Prometheus' text format."""
        about, release = await info(engine), await version(engine)
        lines = [
            *_describe_host(about, release),
            *_describe_containers(about),
            *_describe_counts(engine),
            *self._describe_timers(),
        ]
        return "\n".join(lines) + "\n"

    def _describe_timers(self) -> Iterator[str]:
        for name in (_CONTAINERS, _NETWORKS):
            noun = name.partition("_")[0]
            full = f"engine_daemon_{name}_seconds"
            yield from _head(
                full,
                f"The number of seconds it takes to process each {noun} action",
                "histogram",
            )
            for (kind, action), timer in self._timers.items():
                if kind == name:
                    yield from _describe_timer(full, action, timer)


def _describe_timer(name: str, action: str, timer: Histogram) -> Iterator[str]:
    label = {"action": action}
    for bound, count in zip(BUCKETS, timer.counts, strict=True):
        yield _line(f"{name}_bucket", count, {**label, "le": f"{bound:g}"})
    yield _line(f"{name}_bucket", timer.total, {**label, "le": "+Inf"})
    yield _line(f"{name}_sum", timer.seconds, label)
    yield _line(f"{name}_count", timer.total, label)


def _describe_host(about: EngineInfo, release: EngineVersion) -> Iterator[str]:
    name = "engine_daemon_engine_info"
    yield from _head(name, "The information related to the engine and the OS it is on")
    labels = {
        "version": release.version,
        "commit": "",
        "architecture": about.machine,
        "graphdriver": "overlay2",
        "kernel": about.kernel_version,
        "os": about.operating_system,
        "os_type": release.os,
        "daemon_id": about.id,
    }
    yield _line(name, 1, labels)
    name = "engine_daemon_engine_cpus_cpus"
    yield from _head(name, "The number of cpus that the host system of the engine has")
    yield _line(name, about.cpus)
    name = "engine_daemon_engine_memory_bytes"
    yield from _head(name, "The number of bytes of memory that the host system has")
    yield _line(name, about.memory_bytes)


def _describe_containers(about: EngineInfo) -> Iterator[str]:
    name = "engine_daemon_container_states_containers"
    yield from _head(name, "The count of containers in various states")
    for state in ("running", "paused", "stopped"):
        yield _line(name, getattr(about, f"containers_{state}"), {"state": state})


def _describe_counts(engine: Engine) -> Iterator[str]:
    figures = (
        ("events_total", "counter", "The number of events logged", engine.events.told),
        (
            "events_subscribers_total",
            "gauge",
            "The number of current subscribers to events",
            engine.events.listening,
        ),
        (
            "health_checks_total",
            "counter",
            "The total number of health checks",
            engine.probes.asked,
        ),
        (
            "health_checks_failed_total",
            "counter",
            "The total number of failed health checks",
            engine.probes.failed,
        ),
    )
    for name, kind, text, figure in figures:
        yield from _head(f"engine_daemon_{name}", text, kind)
        yield _line(f"engine_daemon_{name}", figure)


def _head(name: str, text: str, kind: str = "gauge") -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"


def _line(name: str, figure: float, labels: Mapping[str, str] | None = None) -> str:
    if not labels:
        return f"{name} {figure:.12g}"
    pairs = ",".join(f'{key}="{_escape(text)}"' for key, text in labels.items())
    return f"{name}{{{pairs}}} {figure:.12g}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
