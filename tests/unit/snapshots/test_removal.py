"""Removing trees."""

from pathlib import Path

from labkit.snapshots.removal import remove_tree


def test_removes_shut_folders(tmp_path: Path) -> None:
    (tmp_path / "a/shut/in").mkdir(parents=True)
    (tmp_path / "a/shut").chmod(0o000)
    remove_tree(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").touch()
    (tmp_path / "a").mkdir()
    (tmp_path / "a/link").symlink_to(tmp_path / "kept")
    remove_tree(tmp_path / "a")
    assert (tmp_path / "kept/file").exists()


def test_removing_nothing_is_fine(tmp_path: Path) -> None:
    remove_tree(tmp_path / "gone")
