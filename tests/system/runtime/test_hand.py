"""A shim with nothing to do lets its hand go, and nobody sees a difference."""

import contextlib
import os
import resource
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.runtime.hand import SHIM_LOG_NAME
from labkit.runtime.model import AttachOptions, IoOptions, LogOptions, Status
from labkit.runtime.wire import connect
from tests.system.runtime.lab import (
    Lab,
    exec_in,
    process,
    read_until,
    split_frames,
    wait_event,
)
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

MOST_PRIVATE_BYTES = 1_200_000
_PROMPT = "printf 'who? '; read x; echo hello $x; sleep 60"


def _shim_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("PPid:\t")[2].split()[0])


def _children(pid: int) -> list[int]:
    return [
        int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ]


def _private_bytes(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.partition("Private_Dirty:")[2].split()[0]) << 10


def _says(lab: Lab, name: str, text: str) -> bool:
    return text in (lab.folder(name) / SHIM_LOG_NAME).read_text()


def _is_asleep(pid: int) -> bool:
    return _children(_shim_of(pid)) == [pid]


@pytest.fixture(scope="module")
def sleepers(lab: Lab) -> Iterator[dict[str, int]]:
    """Start containers, each for one test, and wait until all are asleep."""
    pids = {}
    for name in ("memory", "orphan", "exit", "killed", "many", "paused", "few"):
        pids[name] = lab.create(name, "sh", "-c", "trap 'exit 7' TERM; sleep 60 & wait")
    for name, terminal in (("prompt", False), ("terminal", True)):
        io = IoOptions(stdin=True, log=LogOptions(str(lab.log_path(name))))
        pids[name] = lab.create(name, "sh", "-c", _PROMPT, io=io, terminal=terminal)
    silence = "exec >&- 2>&-; sleep 60"
    pids["silent"] = lab.create("silent", "sh", "-c", silence)
    for name in pids:
        lab.runtime.start(name)
    exec_in(lab, "many", "sh", "-c", "exit 3")
    lab.runtime.pause("paused")
    wait_until(lambda: all(map(_is_asleep, pids.values())), "all shims sleep")
    yield pids
    for name in pids:
        lab.runtime.delete(name)


def test_holds_little_memory(sleepers: dict[str, int]) -> None:
    assert _private_bytes(_shim_of(sleepers["memory"])) < MOST_PRIVATE_BYTES


def test_holds_no_more_files_after_each_sleep(
    lab: Lab, sleepers: dict[str, int]
) -> None:
    shim = _shim_of(sleepers["memory"])
    before = os.listdir(f"/proc/{shim}/fd")
    assert exec_in(lab, "memory", "echo", "awake") == (0, "awake\n")
    assert not _is_asleep(sleepers["memory"])
    wait_until(lambda: _is_asleep(sleepers["memory"]), "it sleeps again")
    assert os.listdir(f"/proc/{shim}/fd") == before


def test_a_silent_container_costs_no_file_for_each_waking(
    lab: Lab, sleepers: dict[str, int]
) -> None:
    shim = _shim_of(sleepers["silent"])
    before = os.listdir(f"/proc/{shim}/fd")
    lab.runtime.state("silent")
    wait_until(lambda: _is_asleep(sleepers["silent"]), "it sleeps again")
    assert os.listdir(f"/proc/{shim}/fd") == before


def test_a_shim_without_files_makes_callers_wait(
    lab: Lab, sleepers: dict[str, int]
) -> None:
    pid = sleepers["few"]
    shim = _shim_of(pid)
    lab.runtime.state("few")
    (hand,) = (child for child in _children(shim) if child != pid)
    resource.prlimit(hand, resource.RLIMIT_NOFILE, (24, 4096))
    with contextlib.ExitStack() as stack:
        for _ in range(24):
            stack.enter_context(connect(lab.folder("few")))
        wait_until(lambda: _says(lab, "few", "cannot accept"), "it has no files left")
    assert lab.runtime.state("few").status is Status.RUNNING


def test_a_container_gets_the_limit_that_its_shim_had(
    lab: Lab, sleepers: dict[str, int]
) -> None:
    ours = resource.getrlimit(resource.RLIMIT_NOFILE)
    shim = _shim_of(sleepers["memory"])
    assert resource.prlimit(shim, resource.RLIMIT_NOFILE) == (ours[1], ours[1])
    assert resource.prlimit(sleepers["memory"], resource.RLIMIT_NOFILE) == ours
    assert exec_in(lab, "memory", "sh", "-c", "ulimit -Sn") == (0, f"{ours[0]}\n")


def test_wakes_for_input_in_the_middle_of_a_line(
    lab: Lab, sleepers: dict[str, int]
) -> None:
    with lab.runtime.attach("prompt", AttachOptions(stdin=True)) as sock:
        sock.sendall(b"me\n")
        assert split_frames(read_until(sock, b"\n"))[0] == b"hello me\n"
    entries = lab.log_path("prompt").read_text().splitlines()
    assert [entry.split(",")[0] for entry in entries] == ['{"log":"who? hello me\\n"']


def test_keeps_the_terminal(lab: Lab, sleepers: dict[str, int]) -> None:
    lab.runtime.resize("terminal", None, 33, 77)
    tty = ("stty", "-F", "/dev/console", "size")
    assert exec_in(lab, "terminal", *tty) == (0, "33 77\n")
    with lab.runtime.attach("terminal", AttachOptions(stdin=True)) as sock:
        sock.sendall(b"you\r")
        assert b"hello you" in read_until(sock, b"hello you")


def test_knows_that_the_container_is_paused(lab: Lab, sleepers: dict[str, int]) -> None:
    assert lab.runtime.state("paused").status is Status.PAUSED
    lab.runtime.unpause("paused")
    assert lab.runtime.state("paused").status is Status.RUNNING


def test_wakes_when_the_container_ends(lab: Lab, sleepers: dict[str, int]) -> None:
    with lab.runtime.watch("exit") as watch:
        wait_until(lambda: _is_asleep(sleepers["exit"]), "it sleeps again")
        lab.runtime.kill("exit", signal.SIGTERM)
        assert wait_event(watch, "exit")["exit_code"] == 7
    with lab.runtime.watch("orphan") as watch:
        wait_until(lambda: _is_asleep(sleepers["orphan"]), "it sleeps again")
        os.kill(sleepers["orphan"], signal.SIGKILL)  # and nobody told the shim
        assert wait_event(watch, "exit")["exit_code"] == 137


def test_remembers_how_others_ended(lab: Lab, sleepers: dict[str, int]) -> None:
    def watch() -> socket.socket:
        return lab.runtime.watch("many")

    with watch() as first, watch() as second:
        wait_until(lambda: _is_asleep(sleepers["many"]), "it sleeps again")
        for stream in (first, second):
            assert b'"exit_code":3' in read_until(stream, b"}\n")
        lab.runtime.exec("many", "late", process("true"), IoOptions(), None)
        for stream in (first, second):
            assert wait_event(stream, "exec-exit", "late")["exit_code"] == 0
    assert lab.runtime.state("many").status is Status.RUNNING


def test_a_killed_hand_takes_the_container_along(
    lab: Lab, sleepers: dict[str, int]
) -> None:
    pid = sleepers["killed"]
    shim = _shim_of(pid)
    lab.runtime.state("killed")
    (hand,) = (child for child in _children(shim) if child != pid)
    os.kill(hand, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{shim}").exists(), "the shim has ended")
    state = lab.runtime.state("killed")
    assert state.status is Status.STOPPED
    assert state.exit is not None
    assert state.exit.exit_code == 137
