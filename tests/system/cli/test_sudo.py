"""An ordinary user: root starts the engine for them, all else is theirs alone."""

import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.cli.guest import NAME, UID, Guest, engine_by_sudo, invited, owners
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def guest() -> Iterator[Guest]:
    with invited() as guest, engine_by_sudo(guest):
        yield guest


def test_without_sudo_one_sentence_says_what_is_needed(guest: Guest) -> None:
    place = ("--data-root", str(guest.home / "own"))
    refused = guest.labkit("engine", "start", *place)
    assert refused.returncode == 1
    (sentence,) = refused.stderr.splitlines()
    assert "needs root" in sentence
    assert "sudo" in sentence
    assert not (guest.home / "own").exists()


def test_the_socket_belongs_to_who_typed_sudo(guest: Guest) -> None:
    status = guest.engine.socket.stat()
    assert (status.st_uid, status.st_gid) == (UID, UID)
    assert status.st_mode & 0o777 == 0o660
    for folder in (guest.engine.data_root, guest.engine.data_root / "run"):
        assert folder.stat().st_mode & 0o777 == 0o711


def test_runs_and_grades_the_chapter_without_root(guest: Guest) -> None:
    done = guest.labkit("run", "chapter05")
    assert done.returncode == 0, done.stdout + done.stderr
    assert guest.labkit("check", "chapter05").returncode == 1
    assert guest.labkit("solve", "c05-e1").returncode == 0
    assert guest.labkit("check", "c05-e1").returncode == 0
    assert guest.labkit("reset", "chapter05").returncode == 0
    assert (guest.home / "labkit" / "progress.db").exists()
    assert set(owners(guest.home).values()) == {NAME}


def test_what_sudo_writes_in_a_home_is_theirs(guest: Guest) -> None:
    assert guest.sudo_labkit("hint", "c05-e3").returncode == 0
    assert guest.sudo_labkit("setup", "c05-e3").returncode == 0
    assert guest.sudo_labkit("reset", "chapter05").returncode == 0
    assert (guest.home / "labkit" / "progress.db").exists()
    assert set(owners(guest.home).values()) == {NAME}


@pytest.mark.parametrize("by_sudo", [False, True])
def test_jupyterlab_runs_as_the_user_either_way(
    guest: Guest, tmp_path: Path, by_sudo: bool
) -> None:
    arguments = ("lab", "chapter05", "--no-browser", "--port", str(free_port()))
    command = (guest.sudo_command if by_sudo else guest.command)(*arguments)
    environ = guest.sudo_environ() if by_sudo else guest.environ()
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environ, stdout=out, stderr=out)
    try:
        url = wait_until(lambda: find_url(log, process), "the address is shown", 60)
        wait_until(lambda: answers(url), "JupyterLab answers", 60)
        assert real_uid(process.pid) == UID
        assert set(owners(guest.home / "labkit").values()) == {NAME}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def find_url(log: Path, process: "subprocess.Popen[bytes]") -> str:
    """Return the address with its token, once the server has printed it."""
    text = log.read_text()
    assert process.poll() is None, text
    found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+", text)
    return found[0] if found else ""


def answers(url: str) -> bool:
    """Say whether the page is there; the address is printed a moment before it is."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


def real_uid(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("Uid:")[2].split()[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
