"""What happens when somebody dies: nothing hangs, and the states come out right."""

import os
import signal
from pathlib import Path

import pytest

from labkit.base.errors import LabError
from labkit.runtime.model import AttachOptions, IoOptions, LogOptions, Status
from labkit.runtime.runtime import Runtime
from labkit.runtime.wire import connect, read_line
from tests.system.runtime.lab import (
    CGROUP_PARENT,
    Lab,
    cgroups,
    process,
    read_until,
    wait_event,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.root


def _shim_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("PPid:\t")[2].split()[0])


def _is_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_killed_init_is_an_exit_of_137(lab: Lab) -> None:
    pid = lab.create("init", "sleep", "60")
    lab.runtime.start("init")
    with lab.runtime.watch("init") as watch:
        os.kill(pid, signal.SIGKILL)
        assert wait_event(watch, "exit")["exit_code"] == 137
    lab.runtime.delete("init")


@pytest.mark.parametrize("started", [False, True])
def test_a_killed_shim_takes_its_container_along(lab: Lab, started: bool) -> None:
    pid = lab.create("shim", "sleep", "60")
    if started:
        lab.runtime.start("shim")
    with lab.runtime.watch("shim") as watch:
        os.kill(_shim_of(pid), signal.SIGKILL)
        watch.settimeout(20)
        assert watch.recv(100) == b""  # no exit event: the end is the message
    state = lab.runtime.state("shim")
    assert state.status is Status.STOPPED
    assert state.exit is not None
    assert state.exit.exit_code == 137
    wait_until(lambda: _is_dead(pid), "the container is dead")
    lab.runtime.delete("shim")
    assert cgroups(lab.cgroup_path("shim")).processes() == ()


def test_another_runtime_adopts_containers(lab: Lab) -> None:
    script = "echo one; read x < /tmp/fifo; echo two; exit 9"
    other = Runtime(lab.root / "containers", cgroups)
    lab.create("adopted", "sh", "-c", f"mkfifo /tmp/fifo; {script}")
    lab.runtime.start("adopted")
    lab.runtime.close()  # as the daemon's death: the spawner sees its end of file
    try:
        wait_until(
            lambda: b"one" in lab.log_path("adopted").read_bytes(), "it has written"
        )
        assert other.state("adopted").status is Status.RUNNING
        with other.watch("adopted") as watch:
            other.exec(
                "adopted",
                "poke",
                process("sh", "-c", "echo go > /tmp/fifo"),
                IoOptions(),
                None,
            )
            assert wait_event(watch, "exit")["exit_code"] == 9
        assert b"two" in lab.log_path("adopted").read_bytes()
    finally:
        lab.runtime.open()
    other.delete("adopted")


def test_an_exit_is_known_after_the_shim_has_ended(lab: Lab) -> None:
    lab.create("gone", "sh", "-c", "exit 4")
    with lab.runtime.watch("gone") as watch:
        lab.runtime.start("gone")
        watch.settimeout(20)
        while watch.recv(1000):
            continue
    state = Runtime(lab.root / "containers", cgroups).state("gone")
    assert state.exit is not None
    assert state.exit.exit_code == 4
    lab.runtime.delete("gone")


def test_a_client_that_goes_away_is_forgotten(lab: Lab) -> None:
    lab.create("client", "sh", "-c", "while :; do echo x; sleep 0.01; done")
    lab.runtime.start("client")
    for _ in range(5):
        sock = lab.runtime.attach("client", AttachOptions(stdin=True))
        read_until(sock, b"x")
        sock.close()
    assert lab.runtime.state("client").status is Status.RUNNING
    lab.runtime.delete("client")


def test_garbage_on_the_socket_is_answered(lab: Lab) -> None:
    lab.create("garbage", "sleep", "60")
    lab.runtime.start("garbage")
    for line in (b"{}\n", b"[]\n", b"nonsense\n", b'{"verb":"fly"}\n', b"\xff\n"):
        with connect(lab.folder("garbage")) as sock:
            sock.sendall(line)
            assert "error" in read_line(sock)
    assert lab.runtime.state("garbage").status is Status.RUNNING
    lab.runtime.delete("garbage")


def test_killing_in_the_middle_hangs_nothing(lab: Lab) -> None:
    """Kill shim or init at moments all over create, start and exec."""
    io = IoOptions(log=LogOptions(str(lab.root / "loop.log")))
    for round_ in range(12):
        name = f"loop{round_}"
        try:
            pid = lab.create(name, "sleep", "60", io=io)
            victim = _shim_of(pid) if round_ % 2 else pid
            if round_ % 3 == 0:
                os.kill(victim, signal.SIGKILL)
            lab.runtime.start(name)
            if round_ % 3 == 1:
                os.kill(victim, signal.SIGKILL)
            lab.runtime.exec(name, "x", process("true"), IoOptions(), None)
        except LabError:
            pass
        lab.runtime.delete(name)
        assert cgroups(lab.cgroup_path(name)).processes() == ()


def _traces(lab: Lab) -> list[str]:
    """List what of this lab is on the machine: others may be at work beside us."""
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    found = [line for line in mounts if str(lab.root) in line]
    found += [str(p) for p in Path("/sys/fs/cgroup").glob(f"*{CGROUP_PARENT}/leak*")]
    for pid in Path("/proc/thread-self/children").read_text().split():
        found += Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return found


def test_fifty_containers_leave_nothing(lab: Lab) -> None:
    lab.run("warm", "true")
    before = set(_traces(lab))
    files = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        lab.run("leak", "true")
    assert len(os.listdir("/proc/self/fd")) == files
    wait_until(lambda: set(_traces(lab)) <= before, "all traces are gone")
