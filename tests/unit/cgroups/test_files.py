"""A cgroup folder: reading, writing, removing, and what failures say."""

from pathlib import Path

import pytest

from labkit.base.errors import (
    ConflictError,
    ForbiddenError,
    InternalError,
    NotFoundError,
)
from labkit.cgroups.files import CgroupFolder, parse_flat, remove_tree, wait_until
from tests.contract.cgroups.made_up import V2_FILES, MadeUpTree


def test_writes_and_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "pids.max").touch()
    folder = CgroupFolder(tmp_path)
    folder.write("pids.max", "50")
    assert folder.read("pids.max") == "50"
    assert folder.has("pids.max")
    assert not folder.has("memory.max")


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    folder = CgroupFolder(tmp_path)
    with pytest.raises(NotFoundError, match=r"cannot write '64m' to memory.max of /"):
        folder.write("memory.max", "64m")
    with pytest.raises(NotFoundError, match=r"cannot read memory.max of /"):
        folder.read("memory.max")


def test_writing_never_makes_a_file(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        CgroupFolder(tmp_path).write("made", "1")
    assert not (tmp_path / "made").exists()


def test_an_unexpected_failure_is_internal(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InternalError, match="is a directory"):
        CgroupFolder(tmp_path).read("folder")


def test_a_read_only_tree_is_forbidden() -> None:
    with pytest.raises((ForbiddenError, NotFoundError)):
        CgroupFolder(Path("/proc/labkit")).create()


def test_creates_and_removes_twice(tmp_path: Path) -> None:
    folder = CgroupFolder(tmp_path / "box")
    folder.create()
    folder.create()
    folder.remove()
    folder.remove()
    assert not (tmp_path / "box").exists()


def test_knows_its_neighbours(tmp_path: Path) -> None:
    folder = CgroupFolder(tmp_path / "box")
    folder.child("b").path.mkdir(parents=True)
    folder.child("a").create()
    assert [child.path.name for child in folder.children()] == ["a", "b"]
    assert folder.parent().path == tmp_path
    assert CgroupFolder(tmp_path / "gone").children() == ()


def test_a_path_that_is_too_long_has_words(tmp_path: Path) -> None:
    folder = CgroupFolder(tmp_path / "/".join(["long"] * 1000))
    with pytest.raises(InternalError, match=r"cannot create .*: file name too long"):
        folder.create()
    assert not folder.has("cgroup.procs")
    assert folder.children() == ()
    folder.remove()


def test_removes_the_deepest_first(tmp_path: Path) -> None:
    (tmp_path / "box/a/b").mkdir(parents=True)
    remove_tree(CgroupFolder(tmp_path / "box"), timeout_seconds=1)
    assert not (tmp_path / "box").exists()


def test_gives_up_on_a_busy_group() -> None:
    tree = MadeUpTree()
    tree.add(Path("/box"), V2_FILES)
    tree.members[Path("/box")].append(7)
    with pytest.raises(ConflictError, match="cannot remove cgroup /box: busy"):
        remove_tree(tree.open(Path("/box")), timeout_seconds=0.002)


def test_waits_until_it_is_so() -> None:
    answers = iter([False, False, True])
    wait_until(lambda: next(answers), 5, lambda: pytest.fail("gave up"))
    assert list(answers) == []


def test_parses_flat_keyed_files() -> None:
    assert parse_flat("a 1\nb 22\n\nodd line here\n") == {"a": 1, "b": 22}
