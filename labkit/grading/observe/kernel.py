"""What this machine's kernel says of a container's first process.

    /proc/PID/cgroup    which cgroup it is in: it must bear the container's id
    /proc/PID/status    its credentials, its filter
    /proc/PID/ns        its namespaces; root's to see
    /sys/fs/cgroup      its limits, by version 1 or 2

A process number means something on one machine, in one PID namespace. So whoever asks
from elsewhere (TCP, a virtual machine, another container) sees some other process, or
none, and is told that it is not visible from here.
"""

import os
from pathlib import Path

import docker

from labkit.base.errors import UnavailableError
from labkit.grading.probes import Kernel

_NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
_NO_LIMIT = 1 << 60
"""Version 1 writes the largest number of pages for no limit."""


def read_kernel(
    client: docker.APIClient,
    docker_host: str,
    name: str,
    proc: Path = Path("/proc"),
    cgroups: Path = Path("/sys/fs/cgroup"),
) -> Kernel | None:
    """Read the kernel's account of a container; ``None`` if it does not run.

    Raises:
        UnavailableError: it does not run on this machine, as far as can be seen.
    """
    if not docker_host.startswith("unix://"):
        raise _hidden(f"the engine at {docker_host} is on another machine")
    body = client.inspect_container(name)
    pid = int(body["State"].get("Pid") or 0)
    if pid == 0:
        return None
    place = proc / str(pid)
    groups = _read(place / "cgroup")
    if body["Id"] not in groups:
        raise _hidden(f"process {pid} of {name} is none of this machine's")
    places = _controllers(groups, cgroups)
    return Kernel(
        memory_bytes=_memory(places),
        pids=_number(places, "pids", "pids.max", "pids.max"),
        nano_cpus=_nano_cpus(places),
        namespaces=_namespaces(place),
        machine=_namespaces(proc / "self"),
        status=_status(_read(place / "status")),
    )


def _hidden(reason: str) -> UnavailableError:
    return UnavailableError(f"not visible here: {reason}")


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except FileNotFoundError:
        return ""


def _controllers(groups: str, root: Path) -> dict[str, Path]:
    """Return the folder of each controller; version 2 has one for all, named ``""``."""
    places = {}
    for line in groups.splitlines():
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        for name in names.split(","):
            folder = root / name.removeprefix("name=") if name else root
            places[name] = folder / path.lstrip("/")
    return places


def _limit(places: dict[str, Path], controller: str, one: str, two: str) -> list[str]:
    """Return the words of a limit's file, by version 1 or else 2."""
    if controller in places:
        return _read(places[controller] / one).split()
    return _read(places.get("", Path("/nowhere")) / two).split()


def _number(places: dict[str, Path], controller: str, one: str, two: str) -> int:
    words = _limit(places, controller, one, two)
    return int(words[0]) if words and words[0].isdecimal() else 0


def _memory(places: dict[str, Path]) -> int:
    limit = _number(places, "memory", "memory.limit_in_bytes", "memory.max")
    return 0 if limit >= _NO_LIMIT else limit


def _nano_cpus(places: dict[str, Path]) -> int:
    quota, *more = _limit(places, "cpu", "cpu.cfs_quota_us", "cpu.max") or ["max"]
    if not quota.isdecimal():  # "max", and in version 1 -1
        return 0
    period = more or _limit(places, "cpu", "cpu.cfs_period_us", "cpu.max")
    return int(quota) * 1_000_000_000 // int(period[0])


def _namespaces(place: Path) -> dict[str, int]:
    """Return the inode of each namespace; nothing for who may not look."""
    try:
        links = {name: os.readlink(place / "ns" / name) for name in _NAMESPACES}
    except OSError:
        return {}
    return {name: int(link.partition("[")[2][:-1]) for name, link in links.items()}


def _status(text: str) -> dict[str, str]:
    lines = (line.partition(":") for line in text.splitlines())
    return {name: " ".join(value.split()) for name, _, value in lines}
