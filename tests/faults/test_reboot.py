"""A machine that went down: nothing runs, nothing is mounted, and the disk is there."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.faults.observing import is_dead, parent_of, processes_of
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

POLICIES = {
    "never": {"Name": "no"},
    "always": {"Name": "always"},
    "unless": {"Name": "unless-stopped"},
    "failing": {"Name": "on-failure"},
    "stopped-always": {"Name": "always"},
    "stopped-unless": {"Name": "unless-stopped"},
}


def _go_down(engine: OurEngine, inits: list[int]) -> None:
    """Lose what a power cut takes: processes, namespaces, mounts, groups, sockets."""
    shims = [parent_of(pid) for pid in inits]
    doomed = [*processes_of(engine), *shims, *inits]
    daemon, engine.process = engine.process, None
    assert daemon is not None
    for pid in doomed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    daemon.wait()
    for pid in doomed:
        wait_until(lambda pid=pid: is_dead(pid), f"{pid} is dead")
    for mount in reversed(_mounts_below(engine.root)):
        subprocess.run(["umount", mount], check=True)
    engine_id = next(iter(_groups(engine))).name
    for folder in Path("/sys/fs/cgroup").glob(f"*/{engine_id}"):
        for group in (*folder.iterdir(), folder):
            if group.is_dir():
                wait_until(lambda group=group: _removed(group), f"{group} is empty")
    for path in (engine.socket, *engine.data_root.glob("run/*")):
        path.unlink(missing_ok=True)
    uplink = f"lk{engine_id.removeprefix('labkit-')}"
    with contextlib.suppress(OSError):
        links = os.listdir("/sys/class/net")
        for link in (name for name in links if uplink in name):
            subprocess.run(["ip", "link", "delete", link], check=False)


def _mounts_below(root: Path) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4] for line in lines if f"{root}/" in line.split()[4]]


def _groups(engine: OurEngine) -> Iterator[Path]:
    made = {path.name for path in (engine.data_root / "containers").iterdir()}
    for group in Path("/sys/fs/cgroup").glob("*/labkit-*/*"):
        if group.name in made:
            yield group.parent


def _removed(group: Path) -> bool:
    with contextlib.suppress(OSError):
        group.rmdir()
    return not group.exists()


def _states(engine: OurEngine) -> dict[str, str]:
    rows = engine.json("GET", "/containers/json?all=1")[1]
    return {row["Names"][0].strip("/"): row["State"] for row in rows}


def test_policies_bring_containers_back() -> None:
    with OurEngine() as engine:
        engine.load(busybox_archive(TEST_IMAGE))
        engine.json("POST", "/networks/create", {"Name": "home"})
        inits = []
        for name, policy in POLICIES.items():
            host = {"RestartPolicy": policy, "NetworkMode": "home"}
            body = {"Image": TEST_IMAGE, "Cmd": ["sleep", "1000"], "HostConfig": host}
            engine.json("POST", f"/containers/create?name={name}", body)
            assert engine.request("POST", f"/containers/{name}/start")[0] == 204
            done = engine.docker("exec", name, "sh", "-c", f"echo {name} > /kept")
            assert done.returncode == 0
            if name.startswith("stopped"):
                engine.request("POST", f"/containers/{name}/kill")
                engine.request("POST", f"/containers/{name}/stop?t=0")
            else:
                state = engine.json("GET", f"/containers/{name}/json")[1]["State"]
                inits.append(state["Pid"])
        _go_down(engine, inits)

        engine.start()
        expected = {
            "never": "exited",
            "always": "running",
            "unless": "running",
            "failing": "running",
            "stopped-always": "running",
            "stopped-unless": "exited",
        }
        wait_until(lambda: _states(engine) == expected, "all is as it should be", 30)
        done = engine.docker("exec", "always", "ping", "-c1", "-W5", "unless")
        assert done.returncode == 0, done.stderr
        for name, state in expected.items():
            if state == "running":
                assert engine.docker("exec", name, "cat", "/kept").stdout == f"{name}\n"
        assert "Traceback" not in engine.log.read_text()
