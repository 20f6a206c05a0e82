"""Which files are archives, and where their content goes."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from labkit.builder.archives import is_archive, unpack_archive
from labkit.builder.copying import Copier, CopyRules
from labkit.builder.place import Destination, NewFolder, Target
from labkit.builder.sources import Origin
from labkit.snapshots.folders import open_root


def _tar(mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        entry = tarfile.TarInfo("a/b")
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (_tar(), True),
        (_tar("w:gz"), True),
        (_tar("w:xz"), True),
        (_tar("w:bz2"), True),
        (gzip.compress(b"no tar"), False),
        (b"text", False),
        (b"", False),
        (b"\x1f\x8b\x08 broken", False),
    ],
)
def test_knows_an_archive_by_its_content(
    tmp_path: Path, data: bytes, expected: bool
) -> None:
    (tmp_path / "x").write_bytes(data)
    with open_root((tmp_path,)) as folder:
        assert is_archive(folder, "x") is expected
        assert is_archive(folder, "nothing") is False


def test_unpacks_into_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(_tar())
    upper = tmp_path / "upper"
    upper.mkdir()
    unpack_archive(
        Copier(CopyRules()),
        Origin((tmp_path,)),
        "/x.tar",
        Destination(upper, ()),
        Target("/o", NewFolder()),
    )
    assert (upper / "o/a/b").read_text() == "x"


def test_what_is_inside_keeps_its_modes(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(_tar())
    upper = tmp_path / "upper"
    upper.mkdir()
    rules = CopyRules(mode=lambda mode, is_folder: 0o700, skips=lambda path: True)
    unpack_archive(
        Copier(rules),
        Origin((tmp_path,)),
        "/x.tar",
        Destination(upper, ()),
        Target("/o", NewFolder(0o600)),
    )
    assert (upper / "o/a/b").stat().st_mode & 0o777 == 0o644
    assert (upper / "o").stat().st_mode & 0o777 == 0o755
