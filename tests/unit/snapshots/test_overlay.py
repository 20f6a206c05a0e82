"""What is overlay's own. The rest: tests/contract/snapshots."""

import os
from pathlib import Path

from labkit.snapshots import marks
from labkit.snapshots.overlay import OverlaySnapshots, choose_options
from labkit.snapshots.unpack import Devices, UnpackOptions


def test_options_follow_from_what_we_may_do(tmp_path: Path) -> None:
    options = choose_options(tmp_path)
    is_root = os.geteuid() == 0
    assert options.is_root == is_root
    assert options.devices is (Devices.MAKE if is_root else Devices.SKIP)


def test_says_how_to_mount(tmp_path: Path) -> None:
    options = UnpackOptions(is_root=False, overlay_prefix=marks.USER)
    assert OverlaySnapshots(tmp_path / "a", options).user_xattr
    trusted = UnpackOptions(overlay_prefix=marks.TRUSTED)
    assert not OverlaySnapshots(tmp_path / "b", trusted).user_xattr


def test_the_init_layer_is_made_once(tmp_path: Path) -> None:
    options = UnpackOptions(is_root=False, overlay_prefix=marks.USER)
    snapshots = OverlaySnapshots(tmp_path / "layers", options)
    first = snapshots.prepare(tmp_path / "one", ())
    second = snapshots.prepare(tmp_path / "two", ())
    assert first.lower == second.lower
    assert first.upper != second.upper
