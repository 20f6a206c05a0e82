"""Sparse files, as GNU tar writes them in each of its dialects."""

import shutil
import subprocess
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.snapshots import tar_sparse
from tests.unit.snapshots.test_tar_reader import read

GNU_TAR = shutil.which("tar") or ""


def _sparse_file(path: Path) -> bytes:
    with path.open("wb") as out:
        for index in range(30):  # more pieces than the old header holds
            out.seek(index * 65_536)
            out.write(bytes([index + 1]) * 4096)
        out.truncate(30 * 65_536)
    return path.read_bytes()


@pytest.mark.skipif(not GNU_TAR, reason="needs GNU tar")
@pytest.mark.parametrize(
    "options",
    [
        ["--format=gnu"],
        ["--format=pax", "--sparse-version=0.0"],
        ["--format=pax", "--sparse-version=0.1"],
        ["--format=pax", "--sparse-version=1.0"],
    ],
)
def test_reads_what_gnu_tar_wrote(tmp_path: Path, options: list[str]) -> None:
    expected = _sparse_file(tmp_path / "holes")
    done = subprocess.run(
        [GNU_TAR, *options, "--sparse", "-cf", "-", "-C", tmp_path, "holes"],
        capture_output=True,
        check=True,
    )
    assert len(done.stdout) < len(expected) // 4
    entry, content = read(done.stdout)[0]
    assert entry.name == b"holes"
    assert entry.sparse is not None
    assert content == expected


@pytest.mark.parametrize(
    ("pieces", "size", "stored"),
    [
        (((0, 10), (5, 10)), 100, 20),  # overlap
        (((50, 10), (0, 10)), 100, 20),  # backwards
        (((0, 10),), 5, 10),  # beyond the end
        (((0, 10),), 100, 20),  # less than the tar holds
    ],
)
def test_refuses_maps_that_lie(
    pieces: tar_sparse.SparseMap, size: int, stored: int
) -> None:
    with pytest.raises(InvalidInputError, match="damaged tar: sparse map"):
        tar_sparse.check(pieces, size, stored, "'a'")


def test_refuses_a_map_without_end() -> None:
    header = bytearray(512)
    header[482] = 1
    block = b"0000000000\0\0" * 2 * 21 + b"\1" + bytes(7)
    with pytest.raises(InvalidInputError, match="sparse map has more than"):
        tar_sparse.read_gnu(bytes(header), lambda _: block)


def test_refuses_an_odd_map() -> None:
    known = {b"GNU.sparse.map": b"1,2,3"}
    with pytest.raises(InvalidInputError, match="odd length"):
        tar_sparse.read_pax(known, [], bytes)


@pytest.mark.parametrize("text", [b"x\n", b"1" * 512, b"99999999\n"])
def test_refuses_leading_lines_that_are_no_map(text: bytes) -> None:
    known = {b"GNU.sparse.major": b"1"}
    with pytest.raises(InvalidInputError):
        tar_sparse.read_pax(known, [], lambda count: text.ljust(count, b"\n"))


def test_no_map_announced() -> None:
    assert tar_sparse.read_pax({}, [], lambda _: b"") is None
