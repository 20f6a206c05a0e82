"""Folders that links can't replace."""

import os
from pathlib import Path

from labkit.snapshots.changes import upper_changes
from labkit.snapshots.held import held_folder
from labkit.snapshots.pack import pack_layer


def test_the_path_leads_to_the_same_folder_whatever_happens(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d/mine").touch()
    with held_folder(tmp_path / "d") as held:
        assert held is not None
        (tmp_path / "d").rename(tmp_path / "moved")
        (tmp_path / "d").symlink_to("/etc")
        assert os.listdir(held) == ["mine"]


def test_what_is_no_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / "file").touch()
    for name in ("none", "link", "file"):
        with held_folder(tmp_path / name) as held:
            assert held is None


def test_a_layer_is_packed_without_what_a_link_shows(tmp_path: Path) -> None:
    upper, host = tmp_path / "upper", tmp_path / "host"
    (upper / "d").mkdir(parents=True)
    host.mkdir()
    (host / "secret").write_text("outside")

    def swap(name: str) -> bool:
        if name == "d":
            (upper / "d").rename(tmp_path / "gone")
            (upper / "d").symlink_to(host)
        return name != "d"

    with (tmp_path / "tar").open("wb") as out:
        pack_layer(upper, out, swap)
    assert b"secret" not in (tmp_path / "tar").read_bytes()


def test_changes_are_told_without_what_a_link_shows(tmp_path: Path) -> None:
    upper, host = tmp_path / "upper", tmp_path / "host"
    (upper / "a").mkdir(parents=True)
    (upper / "b").mkdir()
    host.mkdir()
    (host / "secret").touch()
    found = upper_changes((), upper)
    seen = [next(found).path]
    (upper / "b").rmdir()
    (upper / "b").symlink_to(host)
    seen += [change.path for change in found]
    assert seen == ["/a", "/b"]
