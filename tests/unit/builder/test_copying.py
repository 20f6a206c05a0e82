"""Copying trees: merged sources, rules, and what is shared instead of copied."""

import os
import socket
from pathlib import Path

import pytest

from labkit.builder.copying import Copier, CopyRules
from labkit.builder.place import Destination, NewFolder
from labkit.snapshots.folders import open_root


def _copy(source: tuple[Path, ...], target: Path, rules: CopyRules) -> None:
    target.mkdir(exist_ok=True)
    with (
        open_root(source) as folder,
        Destination(target, ()).open("/", NewFolder()) as place,
    ):
        Copier(rules).fill(folder, place)


def test_merges_layers(tmp_path: Path) -> None:
    low, high, target = (tmp_path / name for name in ("low", "high", "target"))
    (low / "d").mkdir(parents=True)
    (low / "d/a").write_text("low")
    (low / "d/b").write_text("low")
    (high / "d").mkdir(parents=True)
    (high / "d/a").write_text("high")
    (low / "was-folder").mkdir()
    (high / "was-folder").write_text("file")
    _copy((high, low), target, CopyRules())
    assert (target / "d/a").read_text() == "high"
    assert (target / "d/b").read_text() == "low"
    assert (target / "was-folder").read_text() == "file"


@pytest.mark.root
def test_leaves_out_what_a_layer_hides(tmp_path: Path) -> None:
    low, high, target = (tmp_path / name for name in ("low", "high", "target"))
    for name in ("gone", "kept", "opaque"):
        (low / name).mkdir(parents=True)
        (low / name / "x").touch()
    (high / "opaque").mkdir(parents=True)
    os.mknod(high / "gone", 0o020600, 0)
    os.setxattr(high / "opaque", "trusted.overlay.opaque", b"y")
    _copy((high, low), target, CopyRules())
    found = {str(path.relative_to(target)) for path in target.rglob("*")}
    assert found == {"kept", "kept/x", "opaque"}
    assert os.listxattr(target / "opaque") == []


def test_shares_or_copies(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "f").write_text("x")
    inode = (source / "f").stat().st_ino
    _copy((source,), tmp_path / "shared", CopyRules())
    _copy((source,), tmp_path / "copied", CopyRules(share=False))
    _copy((source,), tmp_path / "changed", CopyRules(mode=lambda mode, _: 0o600))
    assert (tmp_path / "shared/f").stat().st_ino == inode
    assert (tmp_path / "copied/f").stat().st_ino != inode
    assert (tmp_path / "changed/f").stat().st_mode & 0o777 == 0o600
    assert (source / "f").stat().st_mode & 0o777 != 0o600


def test_copies_pipes_and_no_sockets(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    os.mkfifo(source / "pipe")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(source / "sock"))
        _copy((source,), tmp_path / "target", CopyRules())
    assert [path.name for path in (tmp_path / "target").iterdir()] == ["pipe"]


def test_copies_attributes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "f").touch()
    os.setxattr(source / "f", "user.note", b"1")
    _copy((source,), tmp_path / "target", CopyRules(share=False))
    assert os.getxattr(tmp_path / "target/f", "user.note") == b"1"


def test_keeps_a_folder_of_which_something_is_taken_back(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "d/e").mkdir(parents=True)
    (source / "d/e/kept").touch()
    (source / "d/f").touch()
    (source / "g").mkdir()

    def skips(path: str) -> bool:
        return path != "d/e/kept"

    _copy((source,), tmp_path / "target", CopyRules(skips=skips))
    names = {
        str(one.relative_to(tmp_path / "target"))
        for one in (tmp_path / "target").rglob("*")
    }
    assert names == {"d", "d/e", "d/e/kept"}
