"""What the spawner is made of, and what it leaves to its children."""

import os
from pathlib import Path

import pytest

from tests.system.runtime.lab import Lab
from tests.waiting import wait_until

pytestmark = pytest.mark.root


def test_the_interpreter_cannot_be_written_to(lab: Lab) -> None:
    # CVE-2019-5736: what is behind the set-up's /proc/self/exe is mounted read-only.
    pid = lab.create("exe", "sleep", "60")
    assert os.statvfs(f"/proc/{pid}/exe").f_flag & os.ST_RDONLY
    lab.runtime.delete("exe")


def test_children_hold_none_of_its_files(lab: Lab) -> None:
    pid = lab.create("files", "sleep", "60")

    def files() -> int:
        return len(os.listdir(f"/proc/{pid}/fd"))

    # Streams, handshake and, until its mounts are done, the root.
    wait_until(lambda: files() <= 5, "the mounts that it can make are made")
    lab.runtime.delete("files")


def test_its_processes_have_names(lab: Lab) -> None:
    pid = lab.create("names", "sleep", "60")
    status = Path(f"/proc/{pid}/status").read_text()
    shim = status.partition("PPid:\t")[2].split()[0]
    assert Path(f"/proc/{shim}/comm").read_text() == "labkit-shim\n"
    lab.runtime.delete("names")


def test_lives_where_the_host_mounts(lab: Lab) -> None:
    """Else a mount that is made later on the host would be in no container."""
    pid = lab.create("place", "sleep", "60")
    status = Path(f"/proc/{pid}/status").read_text()
    shim = status.partition("PPid:\t")[2].split()[0]
    assert os.readlink(f"/proc/{shim}/ns/mnt") == os.readlink("/proc/self/ns/mnt")
    lab.runtime.delete("place")
