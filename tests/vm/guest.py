"""What is looked at inside a guest: an engine on cgroup v2, containers with limits.

Prints one line, ``FACTS`` and a JSON object, for ``test_guests.py`` to judge.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.waiting import wait_until

ROOT = Path("/sys/fs/cgroup")
MARK = "FACTS "
_MIB = 1 << 20
_FILES = (
    *("memory.max", "memory.swap.max", "memory.low", "cpu.max", "cpu.weight"),
    *("pids.max", "cpuset.cpus", "cgroup.freeze"),
)
_LIMITS = {
    "Memory": 64 * _MIB,
    "MemorySwap": 96 * _MIB,
    "MemoryReservation": 32 * _MIB,
    "NanoCpus": 500_000_000,
    "CpuShares": 512,
    "CpusetCpus": "0",
    "PidsLimit": 20,
}
# A driver that every kernel has (loop, 7:0), which no container is given.
_OPEN_A_DISK = "mknod /tmp/disk b 7 0 && cat /tmp/disk"
# A process may do this; one behind the default filter of system calls may not.
_FILTERED = "grep Seccomp: /proc/self/status; unshare -U true"
_TOO_MANY = "i=0; while [ $i -lt 40 ]; do sleep 5 & i=$((i+1)); done"


def main() -> None:
    facts: dict[str, Any] = {}
    with OurEngine(start_seconds=200) as engine:
        engine.load(busybox_archive(TEST_IMAGE))
        facts["info"] = engine.json("GET", "/info")[1]["CgroupVersion"]
        facts["arch"] = engine.json("GET", "/version")[1]["Arch"]
        facts["filter"] = _run(engine, _FILTERED)
        facts["init"] = _run(engine, "cat /proc/1/comm; exit 7", Init=True)
        facts["inside"] = _run(engine, "cat /proc/self/cgroup; mount | grep cgroup")
        facts["read-only"] = _run(engine, "mkdir /sys/fs/cgroup/mine")
        facts["device"] = _run(engine, _OPEN_A_DISK)
        facts["null"] = _run(engine, "echo x > /dev/null && echo fine")
        facts["oom"] = _run(engine, "tail /dev/zero", Memory=16 * _MIB)
        facts["pids"] = _run(engine, _TOO_MANY, PidsLimit=10)
        with _container(engine, "sleep 1000", **_LIMITS) as limited:
            facts |= _look_at(engine, limited)
    facts["left"] = [path.name for path in ROOT.glob("labkit-*")]
    sys.stdout.write(f"{MARK}{json.dumps(facts)}\n")


def _look_at(engine: OurEngine, container: str) -> dict[str, Any]:
    """Limit, change, freeze, count and adopt one container."""
    path = f"/containers/{container}"
    facts: dict[str, Any] = {"limits": _files(container)}
    engine.json("POST", f"{path}/update", {"Memory": 80 * _MIB, "CpuShares": 2048})
    facts["updated"] = _files(container)
    engine.json("POST", f"{path}/pause")
    facts["paused"] = _files(container)["cgroup.freeze"], _state(engine, container)
    engine.json("POST", f"{path}/unpause")
    facts["unpaused"] = _files(container)["cgroup.freeze"], _state(engine, container)
    stats = engine.json("GET", f"{path}/stats?stream=0&one-shot=1")[1]
    facts["stats"] = {
        "memory": stats["memory_stats"]["usage"],
        "limit": stats["memory_stats"]["limit"],
        "pids": stats["pids_stats"]["current"],
        "cpu": stats["cpu_stats"]["cpu_usage"]["total_usage"],
    }
    engine.kill()
    engine.start()
    facts["adopted"] = _state(engine, container)
    engine.json("POST", f"{path}/kill")
    wait_until(lambda: not _state(engine, container)["Running"], "its end", 60)
    facts["killed"] = _state(engine, container)
    return facts


def _files(container: str) -> dict[str, str]:
    group = next(ROOT.glob(f"labkit-*/{container}"))
    return {name: (group / name).read_text().strip() for name in _FILES}


def _state(engine: OurEngine, container: str) -> dict[str, Any]:
    state = engine.json("GET", f"/containers/{container}/json")[1]["State"]
    wanted = ("Status", "Running", "Paused", "OOMKilled", "ExitCode")
    return {name: state[name] for name in wanted}


def _run(engine: OurEngine, script: str, **limits: Any) -> dict[str, Any]:
    """Run a script to its end; return exit code, OOM and output."""
    with _container(engine, script, **limits) as container:
        engine.json("POST", f"/containers/{container}/wait")
        logs = f"/containers/{container}/logs?stdout=1&stderr=1"
        output = engine.request("GET", logs)[2].decode("utf-8", "replace")
        return {"output": output, **_state(engine, container)}


@contextlib.contextmanager
def _container(engine: OurEngine, script: str, **limits: Any) -> Iterator[str]:
    body = {"Image": TEST_IMAGE, "Cmd": ["sh", "-c", script], "Tty": True}
    status, made = engine.json(
        "POST", "/containers/create", {**body, "HostConfig": limits}
    )
    assert status == 201, made
    status, failure = engine.json("POST", f"/containers/{made['Id']}/start")
    assert status == 204, failure
    try:
        yield made["Id"]
    finally:
        engine.json("DELETE", f"/containers/{made['Id']}?force=1")


if __name__ == "__main__":
    main()
