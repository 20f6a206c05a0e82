"""Calls that need no privilege, for real."""

import os
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


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
