"""``docker info``."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from labkit.base.machine import memory_bytes
from labkit.engine.engine import Engine
from labkit.engine.model import Status


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Counts and facts; ``id`` tells one engine from another."""

    id: str
    name: str
    data_root: str
    containers_running: int
    containers_paused: int
    containers_stopped: int
    images: int
    cpus: int
    memory_bytes: int
    kernel_version: str
    operating_system: str
    os_version: str
    machine: str
    cgroup_version: int
    listeners: int = 0

    @property
    def containers(self) -> int:
        return (
            self.containers_running + self.containers_paused + self.containers_stopped
        )


async def info(engine: Engine) -> EngineInfo:
    """Return how many there are of what, and where we run."""
    states = [container.status for container in engine.store.containers()]
    running, paused = states.count(Status.RUNNING), states.count(Status.PAUSED)
    return EngineInfo(
        id=engine.config.engine_id,
        name=platform.node(),
        data_root=str(engine.config.data_root),
        containers_running=running,
        containers_paused=paused,
        containers_stopped=len(states) - running - paused,
        images=len(await engine.images.list()),
        cpus=os.cpu_count() or 1,
        memory_bytes=memory_bytes(),
        kernel_version=platform.release(),
        operating_system=_os_release("PRETTY_NAME", "Linux"),
        os_version=_os_release("VERSION_ID", ""),
        machine=platform.machine(),
        cgroup_version=_cgroup_version(),
        listeners=engine.events.listening,
    )


def _cgroup_version() -> int:
    """Return 2 where cgroup2 alone is mounted, as systemd's unified mode does."""
    return 2 if Path("/sys/fs/cgroup/cgroup.controllers").exists() else 1


def _os_release(name: str, default: str) -> str:
    """Return what the distribution says of itself (os-release(5))."""
    try:
        return platform.freedesktop_os_release().get(name, default)
    except OSError:
        return default
