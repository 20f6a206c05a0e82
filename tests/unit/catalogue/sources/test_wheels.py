"""labkit.catalogue.sources.wheels: read from the cache, put where Python looks."""

import hashlib
import zipfile
from pathlib import Path

from labkit.catalogue.lock import LockedWheel
from labkit.catalogue.sources.wheels import fetch_wheels, read_wheel


def make_wheel(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        item = zipfile.ZipInfo("pkg/run.sh")
        item.external_attr = 0o100750 << 16
        archive.writestr(item, b"#!")
        archive.writestr("pkg/a.py", b"a")
        archive.writestr("pkg.dist-info/METADATA", b"m")


def test_does_not_fetch_what_is_there(tmp_path: Path) -> None:
    make_wheel(tmp_path / "pkg.whl")
    sha = hashlib.sha256((tmp_path / "pkg.whl").read_bytes()).hexdigest()
    wheel = LockedWheel("pkg", "1", "any", "pkg.whl", 1, sha)
    assert fetch_wheels(tmp_path, [wheel], "amd64") == {"pkg": tmp_path / "pkg.whl"}


def test_takes_folders_with_their_modes(tmp_path: Path) -> None:
    make_wheel(tmp_path / "pkg.whl")
    tree = read_wheel(tmp_path / "pkg.whl", ["pkg"], "opt")
    assert tree["opt/pkg/a.py"].data == b"a"
    assert tree["opt/pkg/run.sh"].mode == 0o754
    assert "opt/pkg.dist-info" not in tree
    assert "opt/pkg.dist-info" in read_wheel(tmp_path / "pkg.whl", [], "opt")
