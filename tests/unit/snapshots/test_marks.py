"""Whiteouts and opaque marks."""

import os
from pathlib import Path

from labkit.snapshots import marks


def test_a_whiteout_is_a_device_0_0(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    marks.make_whiteout("gone", fd)
    os.close(fd)
    assert marks.is_whiteout((tmp_path / "gone").lstat())
    assert not marks.is_whiteout(tmp_path.lstat())
    assert not marks.is_whiteout(os.stat("/dev/null"))


def test_an_opaque_folder_is_known_by_its_attribute(tmp_path: Path) -> None:
    assert not marks.is_opaque(tmp_path)
    fd = os.open(tmp_path, os.O_RDONLY)
    marks.make_opaque(fd, marks.USER)
    os.close(fd)
    assert marks.is_opaque(tmp_path)
    # The kernel uses "x" for another purpose.
    os.setxattr(tmp_path, marks.USER + "opaque", b"x")
    assert not marks.is_opaque(tmp_path)


def test_the_attribute_we_may_write_is_found_by_trying(tmp_path: Path) -> None:
    prefix = marks.choose_prefix(tmp_path)
    assert prefix == (marks.TRUSTED if os.geteuid() == 0 else marks.USER)
    assert os.listxattr(tmp_path) == []
