"""Sizes of folders."""

import os
from pathlib import Path

from labkit.engine.folders import folder_bytes


def test_counts_files_and_links_and_each_inode_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/file").write_bytes(b"12345")
    os.link(tmp_path / "sub/file", tmp_path / "again")
    (tmp_path / "link").symlink_to("sub/file")
    assert folder_bytes(str(tmp_path)) == 5 + len("sub/file")
    assert folder_bytes(str(tmp_path / "nosuch")) == 0
