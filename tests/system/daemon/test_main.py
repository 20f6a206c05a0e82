"""The daemon as a process: how it starts, whom it lets in, how it ends."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from labkit.daemon.config import engine_id
from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.leftovers import take_stock
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "labkit.daemon", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False
    )


def test_a_second_one_refuses_in_one_sentence() -> None:
    with OurEngine() as engine:
        assert engine.process is not None
        done = _run("--data-root", str(engine.data_root))
        assert done.returncode == 1
        assert done.stderr.strip() == (
            f"an engine runs on data root '{engine.data_root}' already, "
            f"as process {engine.process.pid}"
        )
        other = engine.root / "other"
        arguments = ["--data-root", str(other), "--socket", str(engine.socket)]
        done = _run(*arguments)
        assert done.returncode == 1
        assert "another program listens there" in done.stderr
        assert engine.answers()


def test_two_data_roots_live_side_by_side() -> None:
    with OurEngine() as one, OurEngine() as other:
        answers = [e.json("GET", "/labkit/facts")[1] for e in (one, other)]
        assert answers[0]["engine_id"] != answers[1]["engine_id"]
        subnets = [
            e.json("GET", "/networks/bridge")[1]["IPAM"]["Config"][0]["Subnet"]
            for e in (one, other)
        ]
        assert subnets[0] != subnets[1]


def test_the_socket_belongs_to_who_said_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_UID", "12345")
    monkeypatch.setenv("SUDO_GID", "12346")
    with OurEngine() as engine:
        found = engine.socket.stat()
        assert (found.st_uid, found.st_gid) == (12345, 12346)
        assert stat.S_IMODE(found.st_mode) == 0o660


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("made", ["s", "data/network/netd.sock"])
def test_leaves_nothing_if_it_is_stopped_while_it_starts(
    number: signal.Signals, made: str
) -> None:
    root = Path(tempfile.mkdtemp(prefix="lk-", dir="/tmp"))
    data, listener = root / "data", root / "s"
    command = [sys.executable, "-m", "labkit.daemon"]
    options = ["--data-root", str(data), "--socket", str(listener)]
    with subprocess.Popen([*command, *options]) as daemon:
        wait_until((root / made).exists, f"{made} is made", every=0.001)
        daemon.send_signal(number)
        assert daemon.wait(30) == 0
    assert not listener.exists()
    marks = (engine_id(data), str(data))
    assert [line for line in take_stock() if any(map(line.__contains__, marks))] == []
    shutil.rmtree(root)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_gracefully_with_its_containers(number: signal.Signals) -> None:
    with OurEngine() as engine:
        engine.load(busybox_archive(TEST_IMAGE))
        program = "trap 'exit 5' TERM; sleep 9 & wait"
        body = {"Image": TEST_IMAGE, "Cmd": ["sh", "-c", program]}
        _, made = engine.json("POST", "/containers/create?name=ends", body)
        assert engine.json("POST", "/containers/ends/start")[0] == 204
        pid = engine.json("GET", "/containers/ends/json")[1]["State"]["Pid"]
        assert engine.process is not None
        engine.process.send_signal(number)
        assert engine.process.wait(30) == 0
        engine.process = None
        assert not Path(f"/proc/{pid}").exists()
        assert not engine.socket.exists()
        assert not (engine.data_root / "run/daemon.pid").exists()
        engine.start()
        state = engine.json("GET", f"/containers/{made['Id']}/json")[1]["State"]
        assert state["Status"] == "exited"


def test_followers_do_not_hold_up_the_end() -> None:
    with (
        OurEngine() as engine,
        engine.follow("/events"),
        socket.socket(socket.AF_UNIX) as idle,
    ):
        idle.connect(str(engine.socket))
        assert engine.process is not None
        engine.process.terminate()
        assert engine.process.wait(10) == 0
        engine.process = None


def test_a_data_root_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _run("--data-root", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    where = str(tmp_path / "file" / "data")
    assert done.stderr == f"cannot make the data root: {where!r}: not a directory\n"


def test_what_was_half_received_is_gone_after_a_crash() -> None:
    with OurEngine() as engine:
        engine.kill()
        (engine.data_root / "tmp" / "half").write_text("half an archive")
        engine.start()
        assert os.listdir(engine.data_root / "tmp") == []


def test_a_client_that_leaves_in_the_middle_of_a_load() -> None:
    with OurEngine() as engine:
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(engine.socket))
            raw.sendall(
                b"POST /images/load HTTP/1.1\r\nHost: d\r\n"
                b"Content-Type: application/x-tar\r\nContent-Length: 1000000\r\n\r\n"
                b"only the beginning"
            )
        assert engine.answers()
        wait_until(lambda: engine.json("GET", "/images/json")[1] == [], "no image")
