"""Folders of stacked layers, walked from top to bottom."""

import os
from pathlib import Path

import pytest

from labkit.snapshots.folders import open_at, open_root


@pytest.fixture
def layers(tmp_path: Path) -> tuple[Path, Path]:
    high, low = tmp_path / "high", tmp_path / "low"
    (low / "d/deep").mkdir(parents=True)
    (low / "d/a").write_text("low")
    (low / "file").write_text("low")
    (high / "d").mkdir(parents=True)
    (high / "d/b").write_text("high")
    (high / "file").mkdir()
    (high / "link").symlink_to("d")
    return high, low


def test_merges_names_and_folders(layers: tuple[Path, Path]) -> None:
    with open_root(layers) as root:
        assert root.names() == ["d", "file", "link"]
        below = root.enter("d")
        assert below is not None
        with below:
            assert [name for name, _, _ in below.entries()] == ["a", "b", "deep"]
            assert below.look("nothing") is None
            assert below.enter("nothing") is None


def test_a_folder_on_a_file_is_alone(layers: tuple[Path, Path]) -> None:
    opened = open_at(layers, "/file")
    assert opened is not None
    with opened:
        assert opened.names() == []


def test_enters_no_link_and_no_file(layers: tuple[Path, Path]) -> None:
    with open_root(layers) as root:
        assert root.enter("link") is None
    assert open_at(layers, "/d/a") is None
    assert open_at(layers, "/no/such") is None


@pytest.mark.root
def test_sees_what_layers_hide(layers: tuple[Path, Path]) -> None:
    high, low = layers
    (low / "gone").mkdir()
    os.mknod(high / "gone", 0o020600, 0)
    os.setxattr(high / "d", "trusted.overlay.opaque", b"y")
    with open_root(layers) as root:
        assert root.look("gone") is None
        assert root.enter("gone") is None
        below = root.enter("d")
        assert below is not None
        with below:
            assert below.names() == ["b"]
