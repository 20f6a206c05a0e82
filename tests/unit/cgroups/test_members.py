"""Who is in a group."""

import os
import signal
from pathlib import Path

import pytest

from labkit.base.errors import ConflictError
from labkit.cgroups.members import kill_members, kill_until_empty, read_members
from tests.contract.cgroups.made_up import V2_FILES, MadeUpTree


def _tree(*paths: str) -> MadeUpTree:
    tree = MadeUpTree()
    for path in paths:
        tree.add(Path(path), V2_FILES)
    return tree


def test_members_of_sub_groups_count() -> None:
    tree = _tree("/box", "/box/a", "/other")
    tree.members[Path("/box")].append(1)
    tree.members[Path("/box/a")].append(2)
    tree.members[Path("/other")].append(3)
    assert read_members(tree.open(Path("/box"))) == (1, 2)


def test_a_group_that_is_gone_is_empty() -> None:
    assert read_members(MadeUpTree().open(Path("/gone"))) == ()
    assert kill_members(MadeUpTree().open(Path("/gone")))


def test_kills_who_is_there() -> None:
    tree = _tree("/box")
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    tree.members[Path("/box")].append(pid)
    assert not kill_members(tree.open(Path("/box")))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def test_says_who_could_not_be_killed() -> None:
    tree = _tree("/box")
    gone = 2**22 + 1  # no process has such a pid (proc(5), pid_max)
    tree.members[Path("/box")].append(gone)
    with pytest.raises(ConflictError, match=f"cannot kill processes {gone} of /box"):
        kill_until_empty(tree.open(Path("/box")), 0.002)
