"""A file is whole or absent."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from labkit.base.files import open_regular, read_regular, sync_folder, write_atomically


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    write_atomically(path, b"one")
    write_atomically(path, b"two", mode=0o640)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o640


def test_leaves_no_draft(tmp_path: Path) -> None:
    write_atomically(tmp_path / "state.json", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_failure_keeps_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.mkdir()
    with pytest.raises(OSError, match=r"state\.json"):
        write_atomically(path, b"two")
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]


def test_a_folder_that_is_absent_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "absent")


def test_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    """Two threads that bury one container write the same record."""
    path = tmp_path / "exit.json"
    with ThreadPoolExecutor(4) as threads:
        writes = [
            threads.submit(partial(write_atomically, path, b"x")) for _ in "x" * 40
        ]
    for write in writes:
        write.result()
    assert [entry.name for entry in tmp_path.iterdir()] == ["exit.json"]


def test_reads_regular_files_only_and_not_without_end(tmp_path: Path) -> None:
    path = tmp_path / "passwd"
    path.write_bytes(b"root:x:0:0\n")
    assert read_regular(path) == b"root:x:0:0\n"
    assert read_regular(path, most_bytes=4) == b"root"
    os.mkfifo(tmp_path / "fifo")
    below = path / "of-a-file"
    absent = tmp_path / "absent"
    for other in (tmp_path / "fifo", Path("/dev/zero"), tmp_path, absent, below):
        assert read_regular(other) is None


def test_opens_nothing_but_regular_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").write_bytes(b"content")
    for name in ("fifo", "absent", "."):
        assert open_regular(tmp_path / name) is None
    file = open_regular(tmp_path / "file")
    assert file is not None
    with file:
        assert file.read() == b"content"
