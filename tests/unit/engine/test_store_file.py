"""A store that was damaged by hand is put right, or refused in one sentence."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from labkit.base.database import DamagedError
from labkit.engine.store_file import TABLES, StoreFile, open_store_file

DOCUMENTS = [f'{{"number": {number}, "text": "{"x" * 900}"}}' for number in range(50)]


def _fill(path: Path) -> None:
    with closing(open_store_file(path)) as file:
        for number, document in enumerate(DOCUMENTS):
            file.write([("containers", str(number), document)])
        file.write([("volumes", "v", "{}"), ("networks", "n", "{}")])
        file.write([("volumes", "v", None)])


def _content(file: StoreFile) -> list[list[str]]:
    return [file.documents(table) for table in TABLES]


def _truncate(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(byte ^ 0xFF for byte in data[4096:])
    path.write_bytes(data)


def _spoil_a_document(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE containers SET document = '{' WHERE key = '7'")


def _go_back(path: Path) -> None:
    """Lose what was written last, as a missing write-ahead log does."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM containers WHERE key > '3'")
        database.execute("UPDATE transactions SET number = number - 9")


DAMAGES = (
    *(_truncate, _flip, _spoil_a_document, _go_back),
    lambda path: path.write_bytes(b"no database at all" * 1000),
    lambda path: path.write_bytes(b""),
    Path.unlink,
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_all_comes_back(
    tmp_path: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "store.db"
    _fill(path)
    damage(path)
    with closing(open_store_file(path)) as file:
        assert _content(file) == [DOCUMENTS, ["{}"], []]
        file.write([("volumes", "w", "{}")])
    assert "restored 50 containers and all else" in caplog.text
    caplog.clear()
    with closing(open_store_file(path)) as file:
        assert _content(file) == [DOCUMENTS, ["{}"], ["{}"]]
    assert not caplog.text


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_copy_alone_is_no_harm(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    path = tmp_path / "store.db"
    _fill(path)
    if damage not in (_spoil_a_document, _go_back):
        damage(tmp_path / "store.copy")
    with closing(open_store_file(path)) as file:
        assert _content(file) == [DOCUMENTS, ["{}"], []]


def test_both_damaged_is_said_and_nothing_touched(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    _fill(path)
    _truncate(path)
    (tmp_path / "store.copy").unlink()
    before = path.read_bytes()
    with pytest.raises(DamagedError, match=r"store\.db': .*put one of them back"):
        open_store_file(path)
    assert path.read_bytes() == before


def test_a_full_disk_for_the_copy_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(open_store_file(path)) as file:
        assert file.is_new
        (tmp_path / "store.copy").unlink()
        (tmp_path / "store.copy").mkdir()  # can't be opened for writing
        file.write([("volumes", "v", "{}")])
        (tmp_path / "store.copy").rmdir()
        file.write([("volumes", "w", "{}")])
        assert not file.is_new
    path.unlink()
    with closing(open_store_file(path)) as file:
        assert _content(file) == [[], [], ["{}", "{}"]]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    options = ["-t", "tmpfs", "-o", "size=6m", "labtest"]
    subprocess.run(["mount", *options, tmp_path], check=True)
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


@pytest.mark.root
def test_a_full_disk_takes_nothing_new_but_lets_go(small_disk: Path) -> None:
    with closing(open_store_file(small_disk / "store.db")) as file:
        file.write([("containers", "old", "{}")])
        rest = os.statvfs(small_disk)
        (small_disk / "big").write_bytes(bytes(rest.f_bavail * rest.f_frsize))
        large = "x" * (64 << 10)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            file.write([("containers", "new", large)])
        file.write([("containers", "old", large)])
        file.write([("containers", "old", None)])
        assert _content(file) == [[], [], []]
        assert not (small_disk / "store.reserve").exists()
        (small_disk / "big").unlink()
        file.write([("containers", "new", large)])
        file.write([("containers", "new", None)])
        assert (small_disk / "store.reserve").exists()
