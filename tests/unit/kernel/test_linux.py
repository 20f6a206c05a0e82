"""Calls that need no privilege, for real."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.kernel.linux import LinuxKernel


def test_makes_a_terminal_of_the_size_asked_for() -> None:
    kernel = LinuxKernel()
    master, slave, name = kernel.open_terminal(33, 101)
    assert os.ttyname(slave) == name
    assert os.get_terminal_size(slave) == (101, 33)
    assert not os.get_inheritable(master)
    os.close(master)
    os.close(slave)


def test_knows_what_can_be_executed(tmp_path: Path) -> None:
    kernel = LinuxKernel()
    script = tmp_path / "script"
    script.write_text("")
    assert not kernel.is_executable(str(script))
    script.chmod(0o755)
    assert kernel.is_executable(str(script))
    assert not kernel.is_executable(str(tmp_path))


def test_a_new_file_must_be_new(tmp_path: Path) -> None:
    kernel = LinuxKernel()
    folder = kernel.open_folder(str(tmp_path))
    (tmp_path / "link").symlink_to("elsewhere")
    with pytest.raises(FileExistsError):
        kernel.make_file("link", 0o644, folder=folder)
    assert not (tmp_path / "elsewhere").exists()
    kernel.close(folder)


def test_keeps_only_what_it_is_told_to() -> None:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        LinuxKernel().keep_only((write,))
        left = [fd for fd in range(3, 64) if _is_open(fd)]
        os.write(write, b"ok" if left == [write] else str(left).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    assert os.read(read, 1000) == b"ok"
    os.close(read)


_IGNORES_ALL = """
import ctypes, signal
from labkit.kernel import libc
from labkit.kernel.linux import LinuxKernel
ignored = ctypes.create_string_buffer((1).to_bytes(8, "little"), 32)
for number in {*range(1, 65)} - {signal.SIGKILL, signal.SIGSTOP}:
    libc.raw_call("rt_sigaction", number, ctypes.addressof(ignored), 0, 8)
LinuxKernel().execute("/bin/cat", ("cat", "/proc/self/status"), {})
"""


def test_a_program_starts_with_no_signal_ignored() -> None:
    # Two of them are the C library's own: only a parent written in Go ignores those.
    done = subprocess.run(
        [sys.executable, "-c", _IGNORES_ALL], capture_output=True, text=True, check=True
    )
    fields = dict(line.split(":\t", 1) for line in done.stdout.splitlines())
    assert fields["SigIgn"] == fields["SigBlk"] == "0" * 16


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
