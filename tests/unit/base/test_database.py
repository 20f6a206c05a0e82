"""labkit.base.database: durable, migrated, all or nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from labkit.base.database import open_database, transaction
from labkit.base.errors import InternalError

FIRST = "CREATE TABLE names (name TEXT PRIMARY KEY)"
SECOND = "ALTER TABLE names ADD COLUMN colour TEXT"


def test_writes_through_to_the_disk(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a.db", [FIRST])) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)


def test_applies_only_new_migrations(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a.db", [FIRST])) as database:
        database.execute("INSERT INTO names VALUES ('nginx')")
    with closing(open_database(tmp_path / "a.db", [FIRST, SECOND])) as database:
        assert database.execute("SELECT * FROM names").fetchall() == [("nginx", None)]


def test_applies_a_migration_whole_or_not_at_all(tmp_path: Path) -> None:
    broken = "CREATE TABLE half (a); CREATE TABLE names (a)"
    with pytest.raises(InternalError, match="schema 2"):
        open_database(tmp_path / "a.db", [FIRST, broken])
    with closing(open_database(tmp_path / "a.db", [FIRST])) as database:
        tables = database.execute("SELECT name FROM sqlite_schema").fetchall()
    assert ("half",) not in tables


def test_refuses_the_file_of_a_newer_labkit(tmp_path: Path) -> None:
    open_database(tmp_path / "a.db", [FIRST, SECOND]).close()
    with pytest.raises(InternalError, match="has schema 2, this labkit knows 1"):
        open_database(tmp_path / "a.db", [FIRST])


def test_refuses_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(InternalError, match="cannot open database"):
        open_database(tmp_path / "a.db", [FIRST])


def test_names_the_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InternalError, match="absent"):
        open_database(tmp_path / "absent" / "a.db", [FIRST])


def test_rolls_a_failed_transaction_back(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a.db", [FIRST])) as database:
        with pytest.raises(sqlite3.IntegrityError):
            _insert(database, "a", "a")
        assert database.execute("SELECT count(*) FROM names").fetchone() == (0,)


def test_commits_a_transaction(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a.db", [FIRST])) as database:
        with transaction(database):
            database.execute("INSERT INTO names VALUES ('a')")
        with closing(open_database(tmp_path / "a.db", [FIRST])) as other:
            assert other.execute("SELECT * FROM names").fetchall() == [("a",)]


def _insert(database: sqlite3.Connection, *names: str) -> None:
    with transaction(database):
        for name in names:
            database.execute("INSERT INTO names VALUES (?)", (name,))
