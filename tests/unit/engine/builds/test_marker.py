"""Hiding Docker's mark from a command of BuildKit's."""

from pathlib import Path

import pytest

from labkit.engine.builds.marker import hide_marker, show_marker
from labkit.snapshots.marks import is_whiteout
from labkit.snapshots.model import OverlayDirs


@pytest.fixture
def dirs(tmp_path: Path) -> OverlayDirs:
    for name in ("init", "upper"):
        (tmp_path / name).mkdir()
    (tmp_path / "init/.dockerenv").touch()
    return OverlayDirs((tmp_path / "init",), tmp_path / "upper", tmp_path / "work")


@pytest.mark.root
def test_hides_it_while_a_command_runs(dirs: OverlayDirs) -> None:
    assert hide_marker(dirs)
    assert is_whiteout((dirs.upper / ".dockerenv").lstat())
    show_marker(dirs)
    assert list(dirs.upper.iterdir()) == []
    show_marker(dirs)


@pytest.mark.root
def test_keeps_what_the_command_put_there(dirs: OverlayDirs) -> None:
    hide_marker(dirs)
    (dirs.upper / ".dockerenv").unlink()
    (dirs.upper / ".dockerenv").write_text("the command's")
    show_marker(dirs)
    assert (dirs.upper / ".dockerenv").read_text() == "the command's"


def test_an_images_own_one_stays_to_be_seen(dirs: OverlayDirs) -> None:
    (dirs.lower[0] / ".dockerenv").unlink()
    assert not hide_marker(dirs)
    assert not hide_marker(OverlayDirs((), dirs.upper, dirs.work))  # it is a copy
    assert list(dirs.upper.iterdir()) == []
