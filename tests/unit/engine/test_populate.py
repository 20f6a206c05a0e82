"""Filling new volumes."""

import os
from pathlib import Path

import pytest

from labkit.engine.populate import populate_volume
from labkit.snapshots.view import LayerView


@pytest.fixture
def image(tmp_path: Path) -> Path:
    root = tmp_path / "image"
    (root / "data/sub").mkdir(parents=True)
    (root / "data/file").write_text("content")
    (root / "data/file").chmod(0o640)
    (root / "data/sub/link").symlink_to("/etc/passwd")
    os.mkfifo(root / "data/pipe")
    (root / "data").chmod(0o1777)
    os.utime(root / "data/file", ns=(5, 7))
    return root


def test_copies_content_modes_and_times(image: Path, tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    populate_volume(LayerView((image,)), "/data", volume)
    assert (volume / "file").read_text() == "content"
    assert (volume / "file").stat().st_mode & 0o7777 == 0o640
    assert (volume / "file").stat().st_mtime_ns == 7
    assert (volume / "sub/link").readlink() == Path("/etc/passwd")
    assert (volume / "pipe").is_fifo()
    assert volume.stat().st_mode & 0o7777 == 0o1777


def test_leaves_a_volume_with_content_alone(image: Path, tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    (volume / "mine").write_text("x")
    populate_volume(LayerView((image,)), "/data", volume)
    assert [path.name for path in volume.iterdir()] == ["mine"]


def test_an_image_without_the_folder_gives_nothing(image: Path, tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    populate_volume(LayerView((image,)), "/nosuch", volume)
    populate_volume(LayerView((image,)), "/data/file", volume)
    assert list(volume.iterdir()) == []
