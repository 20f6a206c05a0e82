"""Errors of calls: their kind, their text, their operands."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.kernel import libc
from labkit.kernel.flags import PROC_SUPER_MAGIC, CloneFlag, MountFlag, Resolve


def test_an_error_names_call_operands_and_reason() -> None:
    with pytest.raises(libc.KernelCallError) as caught:
        libc.umount("/absent", 0)
    assert str(caught.value) == "umount2('/absent', 0): no such file or directory"
    assert (caught.value.call, caught.value.errno) == ("umount2", errno.ENOENT)


def test_an_error_is_pythons_own_kind_as_well() -> None:
    with pytest.raises(FileNotFoundError):
        libc.umount("/absent", 0)
    with pytest.raises(FileExistsError):
        raise libc.kernel_error(errno.EEXIST, "mkdirat", "x")


def test_tells_filesystems_apart(tmp_path: Path) -> None:
    kinds = set()
    for path in ("/proc/self", "/proc/sys/kernel", tmp_path):
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        kinds.add(libc.filesystem_of(fd) == PROC_SUPER_MAGIC)
        os.close(fd)
    assert kinds == {True, False}
    with pytest.raises(libc.KernelCallError, match="fstatfs"):
        libc.filesystem_of(-1)


def test_a_long_operand_is_cut() -> None:
    error = libc.kernel_error(errno.EINVAL, "mount", "x" * 5000)
    assert len(str(error)) < 300


def test_a_null_byte_is_refused() -> None:
    with pytest.raises(ValueError, match="null byte"):
        libc.mount("a\0b", "/", None, MountFlag.NONE, None)


def test_openat2_stays_in_its_root(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    root = os.open(tmp_path, os.O_PATH)
    with pytest.raises(FileNotFoundError):
        libc.openat2(root, "link", os.O_PATH, 0, Resolve.IN_ROOT)
    os.close(root)


def test_setns_refuses_what_is_no_namespace() -> None:
    fd = os.open("/dev/null", os.O_RDONLY)
    with pytest.raises(OSError, match="setns"):
        libc.setns(fd, CloneFlag.NEWUTS)
    os.close(fd)


def test_sets_the_name_that_ps_shows() -> None:
    before = Path("/proc/thread-self/comm").read_text().strip()
    libc.set_name("labkit-a-long-name")
    assert Path("/proc/thread-self/comm").read_text() == "labkit-a-long-n\n"
    libc.set_name(before)


_KEEP_AND_FREE = """
from pathlib import Path
from threading import Thread
from labkit.kernel.libc import return_freed_memory, share_one_heap

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

small = []

def work():
    bytearray(4 << 20)  # freed: from now on glibc takes such sizes from the heap
    large = []
    for _ in range(64):
        large.append(bytearray(1 << 20))
        small.append(bytearray(100 << 10))  # above it, in the way of giving it back

if {asked}:
    share_one_heap()
before = resident()
thread = Thread(target=work)
thread.start()
thread.join()
work()
if {asked}:
    return_freed_memory()
print((resident() - before) >> 20)
"""


def test_freed_memory_is_given_back_to_the_kernel() -> None:
    kept = {}
    for asked in (True, False):
        script = _KEEP_AND_FREE.format(asked=asked)
        answer = subprocess.check_output([sys.executable, "-c", script], text=True)
        kept[asked] = int(answer)
    assert kept[True] < 40 < kept[False]  # 13 of it are in use
