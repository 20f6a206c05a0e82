"""A database that goes back to its backup."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from labkit.base.backup import open_with_backup, write_backup
from labkit.base.database import DamagedError

SCHEMA = ["CREATE TABLE names (name TEXT)"]


def _make(path: Path) -> None:
    with closing(open_with_backup(path, SCHEMA)) as database:
        database.execute("INSERT INTO names VALUES ('kept')")
        write_backup(database, path)
        database.execute("INSERT INTO names VALUES ('since')")


def _names(path: Path) -> list[str]:
    with closing(open_with_backup(path, SCHEMA)) as database:
        return [row[0] for row in database.execute("SELECT name FROM names")]


def test_a_sound_one_is_used(tmp_path: Path) -> None:
    _make(tmp_path / "a.db")
    assert _names(tmp_path / "a.db") == ["kept", "since"]


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_bytes(b"x" * 9000)]
)
def test_a_damaged_one_goes_back(
    tmp_path: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.db"
    _make(path)
    damage(path)
    assert _names(path) == ["kept"]
    assert "went back to its backup" in caplog.text


def test_without_a_backup_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"x" * 9000)
    with pytest.raises(DamagedError, match="not a database"):
        open_with_backup(tmp_path / "a.db", SCHEMA)
