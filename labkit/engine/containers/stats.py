"""``docker stats``: one reading a second of a container's cgroup and interfaces."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.errors import LabError
from labkit.base.machine import memory_bytes
from labkit.cgroups.model import Stats
from labkit.engine.engine import Engine
from labkit.engine.model import Container, Status

_RUNS = (Status.RUNNING, Status.PAUSED)


@dataclass(frozen=True, slots=True)
class InterfaceStats:
    """One network interface, as /proc/net/dev counts it."""

    name: str
    rx_bytes: int
    rx_packets: int
    rx_errors: int
    rx_dropped: int
    tx_bytes: int
    tx_packets: int
    tx_errors: int
    tx_dropped: int


@dataclass(frozen=True, slots=True)
class StatsSample:
    """One reading; ``stats`` is None for a container that does not run."""

    container: Container
    read_ns: int
    stats: Stats | None
    interfaces: tuple[InterfaceStats, ...] = ()


async def stats(
    engine: Engine, ref: str, stream: bool = True, one_shot: bool = False
) -> AsyncGenerator[StatsSample, None]:
    """Return readings: without ``stream`` two, or with ``one_shot`` one.

    A share of CPU is a difference, so that a single answer needs two readings.
    """
    container = engine.store.find_container(ref)
    return _sample(engine, container.id, stream, one_shot)


async def _sample(
    engine: Engine, container_id: str, stream: bool, one_shot: bool
) -> AsyncGenerator[StatsSample, None]:
    count = 0
    while True:
        container = engine.store.container(container_id)
        if container is None:
            return
        yield await _read(engine, container)
        count += 1
        if not stream and (one_shot or count == 2 or container.status not in _RUNS):
            return
        await engine.sleep(1.0)


async def _read(engine: Engine, container: Container) -> StatsSample:
    now = engine.clock.now_ns()
    if container.status not in _RUNS:
        return StatsSample(container, now, None)
    try:
        reading = await engine.runtime.stats(container.id)
    except LabError:
        return StatsSample(container, now, None)  # it has just ended
    interfaces = await asyncio.to_thread(read_interfaces, container.pid)
    return StatsSample(container, now, _limited(reading), interfaces)


def _limited(reading: Stats) -> Stats:
    """Show the machine's memory as the limit of a container that has none."""
    if reading.memory.limit is not None:
        return reading
    return replace(reading, memory=replace(reading.memory, limit=memory_bytes()))


def read_interfaces(pid: int) -> tuple[InterfaceStats, ...]:
    """Read the counters of a process's network namespace (proc(5), /proc/PID/net)."""
    try:
        text = Path(f"/proc/{pid}/net/dev").read_text()
    except OSError:
        return ()  # it has just ended
    found = []
    for line in text.splitlines()[2:]:
        name, _, rest = line.partition(":")
        if name.strip() == "lo":
            continue
        numbers = [int(word) for word in rest.split()]
        found.append(InterfaceStats(name.strip(), *numbers[:4], *numbers[8:12]))
    return tuple(found)
