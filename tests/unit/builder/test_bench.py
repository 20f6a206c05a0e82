"""What steps share: stopping, dating, and folders that go."""

import os
from pathlib import Path

import pytest

from labkit.builder.bench import clamp_times
from labkit.builder.model import BuildCancelledError, BuildRequest
from tests.unit.builder.workshop import Workshop


def test_a_stopped_build_goes_no_further(shop: Workshop) -> None:
    bench = shop.bench("FROM base", BuildRequest())
    bench.check()
    bench.stop()
    with pytest.raises(BuildCancelledError):
        bench.check()
    assert shop.stopped == 1


def test_folders_go_with_their_step(shop: Workshop) -> None:
    bench = shop.bench("FROM base", BuildRequest())
    with bench.folder() as folder:
        (folder / "x").touch()
    assert not folder.exists()


def test_dates_are_cut_at_the_epoch(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d/old").touch()
    (tmp_path / "d/link").symlink_to("nowhere")
    os.utime(tmp_path / "d/old", (5, 5))
    clamp_times(tmp_path, 100)
    times = {path.name: path.lstat().st_mtime for path in tmp_path.rglob("*")}
    assert times == {"d": 100, "old": 5, "link": 100}
