"""Folders opened one after another."""

import os
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.snapshots.tree import Tree


def test_makes_folders_on_the_way(tmp_path: Path) -> None:
    with Tree(tmp_path) as tree:
        fd = tree.folder(("a", "b"))
        os.mkdir("c", dir_fd=fd)
    assert (tmp_path / "a/b/c").is_dir()


def test_makes_nothing_when_told_so(tmp_path: Path) -> None:
    with Tree(tmp_path) as tree, pytest.raises(FileNotFoundError):
        tree.folder(("a",), create=False)
    assert os.listdir(tmp_path) == []


def test_holds_a_bounded_number_of_folders_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with Tree(tmp_path) as tree:
        for number in range(300):
            tree.folder((str(number),))
        assert len(os.listdir("/proc/self/fd")) < before + 150
        tree.folder(tuple("x" * 200))  # deeper than what is held open
    assert len(os.listdir("/proc/self/fd")) == before


def test_follows_links_inside_only(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "door").symlink_to("/etc")
    with Tree(tmp_path) as tree:
        opened = os.readlink(f"/proc/self/fd/{tree.folder(('door',))}")
    assert opened == str(tmp_path / "etc")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with Tree(tmp_path) as tree, pytest.raises(InvalidInputError, match="'a'"):
        tree.folder(("a",))


def test_removes_with_all_below(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    with Tree(tmp_path) as tree:
        tree.folder(("a", "b"))
        assert tree.remove(("a",))
        assert not tree.remove(("a",))
        assert tree.status(("a",)) is None
        tree.folder(("a", "b"))  # made anew, not an old handle
    assert (tmp_path / "a/b").is_dir()


def test_removing_a_link_leaves_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target/kept").touch()
    (tmp_path / "link").symlink_to("target")
    with Tree(tmp_path) as tree:
        tree.remove(("link",))
    assert (tmp_path / "target/kept").exists()
