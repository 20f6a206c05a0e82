"""The spawner: protected, replaced when it dies, gone when it is closed."""

import os
import signal
from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.runtime.launcher import Launcher
from labkit.runtime.model import IoOptions, Status
from tests.system.runtime.lab import Lab
from tests.waiting import has_ended, wait_until

pytestmark = pytest.mark.root


def _parent_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("PPid:\t")[2].split()[0])


def _children() -> set[str]:
    return set(Path("/proc/thread-self/children").read_text().split())


def test_a_killed_spawner_is_replaced(lab: Lab) -> None:
    pid = lab.create("before", "sleep", "60")
    lab.runtime.start("before")
    spawner = _parent_of(_parent_of(pid))
    os.kill(spawner, signal.SIGKILL)
    wait_until(lambda: has_ended(spawner), "the spawner is dead")
    assert lab.run("after", "sh", "-c", "exit 5").code == 5
    assert lab.runtime.state("before").status is Status.RUNNING
    lab.runtime.delete("before")


def test_closing_ends_the_spawner() -> None:
    before = _children()
    launcher = Launcher()
    launcher.open()
    assert len(_children() - before) == 1
    launcher.close()
    wait_until(lambda: _children() == before, "the spawner has ended")


def test_says_that_there_is_no_bundle(tmp_path: Path) -> None:
    launcher = Launcher()
    with pytest.raises(NotFoundError, match="no bundle at"):
        launcher.create(tmp_path, IoOptions())
    launcher.close()
