"""A tree of layers, read from outside."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.snapshots.view import LayerView


@pytest.fixture
def layers(tmp_path: Path) -> tuple[Path, Path]:
    """Return an upper and a lower layer."""
    upper, lower = tmp_path / "upper", tmp_path / "lower"
    for folder in (upper, lower):
        (folder / "etc").mkdir(parents=True)
    return upper, lower


def names(view: LayerView, path: str) -> list[str]:
    entry = view.find(path)
    assert entry is not None
    return [os.path.basename(child.path) for child in view.children(entry)]


def test_the_topmost_wins_and_folders_merge(layers: tuple[Path, Path]) -> None:
    upper, lower = layers
    (upper / "etc/passwd").write_text("new")
    (lower / "etc/passwd").write_text("old")
    (lower / "etc/group").write_text("group")
    view = LayerView(layers)
    assert view.read("/etc/passwd") == b"new"
    assert view.read("/etc/group") == b"group"
    assert names(view, "/etc") == ["passwd", "group"]
    assert view.read("/etc") is None
    assert view.read("/nosuch/file") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: mknod and trusted xattrs")
def test_whiteouts_and_opaque_folders_hide(layers: tuple[Path, Path]) -> None:
    upper, lower = layers
    (lower / "etc/gone").write_text("x")
    (lower / "opaque").mkdir()
    (lower / "opaque/old").write_text("x")
    os.mknod(upper / "etc/gone", 0o20000, os.makedev(0, 0))
    (upper / "opaque").mkdir()
    (upper / "opaque/new").write_text("x")
    os.setxattr(upper / "opaque", "trusted.overlay.opaque", b"y")
    view = LayerView(layers)
    assert view.find("/etc/gone") is None
    assert names(view, "/etc") == []
    assert names(view, "/opaque") == ["new"]
    assert view.find("/opaque/old") is None


def test_a_file_hides_the_folder_below(layers: tuple[Path, Path]) -> None:
    upper, lower = layers
    (lower / "x").mkdir()
    (lower / "x/inside").write_text("x")
    (upper / "x").write_text("a file")
    view = LayerView(layers)
    assert view.read("/x") == b"a file"
    assert view.find("/x/inside") is None


def test_links_stay_inside(layers: tuple[Path, Path], tmp_path: Path) -> None:
    upper, lower = layers
    (lower / "real").mkdir()
    (lower / "real/file").write_text("inside")
    (upper / "etc/absolute").symlink_to("/real/file")
    (upper / "etc/relative").symlink_to("../../../../real/file")
    (upper / "etc/folder").symlink_to("../real")
    (upper / "etc/outside").symlink_to("/etc/hostname")
    view = LayerView(layers)
    assert view.read("/etc/absolute") == b"inside"
    assert view.read("/etc/relative") == b"inside"
    assert view.read("/etc/folder/file") == b"inside"
    assert view.find("/etc/outside") is None  # the host's file of that name is not ours


def test_a_layer_that_swaps_a_folder_for_a_link(layers: tuple[Path, Path]) -> None:
    upper, lower = layers
    (lower / "srv").mkdir()
    (lower / "srv/file").write_text("lower")
    (upper / "srv").symlink_to("/etc")
    assert LayerView(layers).find("/srv/file") is None


def test_circles_end(layers: tuple[Path, Path]) -> None:
    (layers[0] / "a").symlink_to("b")
    (layers[0] / "b").symlink_to("a")
    with pytest.raises(InvalidInputError, match="too many levels of links"):
        LayerView(layers).find("/a")


def test_a_fifo_does_not_block(layers: tuple[Path, Path]) -> None:
    os.mkfifo(layers[0] / "pipe")
    view = LayerView(layers)
    assert view.read("/pipe") is None
    entry = view.find("/pipe")
    assert entry is not None
    with ExitStack() as stack:
        assert view.open(entry, stack) is None
