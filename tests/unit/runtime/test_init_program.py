"""The hand-written init, run as a plain process."""

import os
import platform
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.base.errors import UnsupportedError
from labkit.runtime.init_program import init_program

Init = tuple[str, ...]


@pytest.fixture(params=["x86_64", "aarch64"])
def init(request: pytest.FixtureRequest, tmp_path: Path) -> Init:
    """Give the command that runs it; another machine's by QEMU, which is a process."""
    path = tmp_path / "init"
    path.write_bytes(init_program(request.param))
    path.chmod(0o755)
    if request.param == platform.machine():
        return (str(path),)
    emulator = shutil.which(f"qemu-{request.param}")
    if emulator is None:
        pytest.skip(f"needs qemu-{request.param} (package qemu-user)")
    return (emulator, str(path))


def _run(
    *command: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_is_an_elf_file_of_one_page(machine: str) -> None:
    program = init_program(machine)
    assert program[:4] == b"\x7fELF"
    entry, headers = struct.unpack_from("<QQ", program, 24)
    assert (entry, headers) == (0x400000 + 120, 64)
    assert struct.unpack_from("<Q", program, 64 + 32)[0] == len(program) < 4096


def test_is_not_written_for_every_machine() -> None:
    with pytest.raises(UnsupportedError, match="no init process for riscv64"):
        init_program("riscv64")


@pytest.mark.parametrize("code", [0, 1, 42, 255])
def test_keeps_the_exit_code(init: Init, code: int) -> None:
    done = _run(*init, "--", "/bin/sh", "-c", f"echo hi; exit {code}")
    assert (done.returncode, done.stdout) == (code, "hi\n")


def test_death_by_a_signal_is_128_and_more(init: Init) -> None:
    assert _run(*init, "--", "/bin/sh", "-c", "kill -9 $$").returncode == 137


def test_searches_the_path(init: Init, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "found"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho $0 $1 $X\n")
    program.chmod(0o755)
    env = {"X": "y", "PATH": f"/nonexistent:{program.parent}"}
    assert _run(*init, "--", "found", "a", env=env).stdout == f"{program} a y\n"


@pytest.mark.parametrize(
    ("name", "env", "code"),
    [
        ("nosuch", {"PATH": "/bin:"}, 127),
        ("nosuch", {"PATH": "/" + "x" * 9000}, 127),
        ("nosuch", {}, 127),
        ("/nosuch", {}, 127),
        ("/etc/passwd", {}, 126),
        ("/etc/passwd/x", {}, 127),
        ("", {"PATH": "/bin"}, 126),
    ],
)
def test_says_what_cannot_be_executed(
    init: Init, name: str, env: dict[str, str], code: int
) -> None:
    done = _run(*init, "--", name, env=env)
    assert (done.returncode, done.stderr) == (code, f"{name}: cannot be executed.\n")


@pytest.mark.parametrize("arguments", [(), ("--",)])
def test_wants_a_program(init: Init, arguments: tuple[str, ...]) -> None:
    assert _run(*init, *arguments).returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP])
def test_hands_signals_on(init: Init, number: signal.Signals) -> None:
    script = (
        "import signal, sys\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(7))\n"
        "print('ready', flush=True)\n"
        "signal.pause()\n"
    )
    command = [*init, "--", sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.wait(10) == 7


def test_the_child_has_its_own_job_and_no_blocked_signal(init: Init) -> None:
    script = (
        "import os, signal\n"
        "print(os.getpgrp() == os.getpid(), signal.pthread_sigmask(0, []))\n"
    )
    assert _run(*init, "--", sys.executable, "-c", script).stdout == "True set()\n"


@pytest.mark.root
def test_reaps_orphans(init: Init) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: makes a pid namespace")
    script = (
        "(sh -c 'sleep 0.05 & exec true') & wait; sleep 0.2; "
        "cat /proc/[0-9]*/stat | grep -c ' Z '"
    )
    command = ("unshare", "-pf", "--mount-proc", *init, "--", "sh", "-c", script)
    assert _run(*command).stdout == "0\n"
