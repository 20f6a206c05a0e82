"""Mount points between image and container."""

import stat
from pathlib import Path

from labkit.snapshots.init_layer import FILES, FOLDERS, fill_init_layer
from tests.unit.snapshots.stacks import make_layer


def test_makes_all_where_the_image_has_nothing(tmp_path: Path) -> None:
    init = tmp_path / "init"
    init.mkdir()
    fill_init_layer(init, ())
    assert all((init / name).is_dir() for name in FOLDERS)
    assert all((init / name).is_file() for name in FILES)
    assert (init / "etc/mtab").readlink() == Path("/proc/mounts")


def test_what_the_image_has_stays_the_images(tmp_path: Path) -> None:
    lower = make_layer(tmp_path / "lower", "etc/hosts", "etc/mtab", "proc/")
    init = tmp_path / "init"
    init.mkdir()
    fill_init_layer(init, (lower,))
    assert not (init / "etc/hosts").exists()
    assert not (init / "etc/mtab").is_symlink()
    assert not (init / "proc").exists()
    assert (init / "etc/hostname").exists()


def test_folders_keep_the_looks_that_the_image_gave_them(tmp_path: Path) -> None:
    lower = make_layer(tmp_path / "lower", "etc/x")
    (lower / "etc").chmod(0o751)
    init = tmp_path / "init"
    init.mkdir()
    fill_init_layer(init, (lower,))
    ours, theirs = (init / "etc").stat(), (lower / "etc").stat()
    assert stat.S_IMODE(ours.st_mode) == 0o751
    assert ours.st_mtime_ns == theirs.st_mtime_ns


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    lower = make_layer(tmp_path / "lower", "etc")
    init = tmp_path / "init"
    init.mkdir()
    fill_init_layer(init, (lower,))
    assert not (init / "etc").exists()
