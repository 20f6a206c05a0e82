"""What is copying's own. The rest: tests/contract/snapshots."""

import os
from pathlib import Path

from labkit.snapshots.copying import CopyingSnapshots, copy_tree
from labkit.snapshots.unpack import UnpackOptions


def test_copies_every_kind_of_entry(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "d").mkdir(parents=True)
    new.mkdir()
    (old / "d/file").write_text("x")
    (old / "d/file").chmod(0o640)
    os.utime(old / "d/file", (1, 2))
    (old / "link").symlink_to("gone")
    os.mkfifo(old / "pipe")
    os.setxattr(old / "d", "user.a", b"x")

    def link(source: Path, target: Path) -> None:
        os.link(source, target, follow_symlinks=False)

    copy_tree(old, new, link)
    assert (new / "d/file").samefile(old / "d/file")
    assert os.readlink(new / "link") == "gone"
    assert (new / "pipe").is_fifo()
    assert os.getxattr(new / "d", "user.a") == b"x"


def test_half_a_copy_is_begun_anew(tmp_path: Path) -> None:
    snapshots = CopyingSnapshots(tmp_path / "layers", UnpackOptions(is_root=False))
    (tmp_path / "box/rootfs/half").mkdir(parents=True)
    dirs = snapshots.prepare(tmp_path / "box", ())
    assert dirs.lower == ()
    assert not (dirs.upper / "half").exists()
