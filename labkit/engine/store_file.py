"""The store's file: opened, looked over, and put right from its second copy.

database            second copy          what is done
sound               not ahead            used; the second copy is written anew
damaged, or behind  there                made anew from the copy; the damaged one is
                                         put aside
damaged             damaged or missing   refused, in one sentence: somebody may have
                                         a backup

On a full disk nothing new is taken on, but what ends, changes or goes is written all
the same, into room that was kept for it: else nobody could remove anything.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from labkit.base.database import DamagedError, open_database, transaction
from labkit.base.errors import LabError
from labkit.base.reserve import Reserve
from labkit.engine.second_copy import Change, Kept, SecondCopy

TABLES = ("containers", "networks", "volumes")
_MIGRATIONS = (
    """
    CREATE TABLE containers (key TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
    CREATE TABLE networks (key TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
    CREATE TABLE volumes (key TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT
    """,
    """
    CREATE TABLE transactions (
        only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL) STRICT;
    INSERT INTO transactions VALUES (1, 0)
    """,
)
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_WRITE)
_log = logging.getLogger(__name__)


class StoreFile:
    """Database and second copy; used by one thread at a time."""

    def __init__(
        self, connection: sqlite3.Connection, copy: SecondCopy, number: int
    ) -> None:
        self.connection = connection
        self._copy = copy
        self._number = number
        self._reserve = Reserve(copy.path.with_suffix(".reserve"))
        self._reserve.fill()

    @property
    def is_new(self) -> bool:
        """Say whether nothing was ever written to it."""
        return self._number == 0

    def write(self, changes: Sequence[Change]) -> None:
        """Make changes durable, all or none."""
        try:
            _apply(self.connection, changes, self._number + 1)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _FULL or not self._may_dip(changes):
                raise
            self._reserve.release()
            _apply(self.connection, changes, self._number + 1)
        else:
            self._reserve.fill()
        self._number += 1
        try:
            if self._copy.is_overgrown:
                self._copy.write_anew(self._number, _read_all(self.connection))
            else:
                self._copy.append(self._number, changes)
        except OSError as error:
            # The change itself is safe. Half a line would spoil the next one, too.
            self._copy.give_up()
            _log.warning("cannot write %s: %s", self._copy.path, error)

    def _may_dip(self, changes: Sequence[Change]) -> bool:
        """Say whether a change is about something that is there already."""
        return any(
            self.connection.execute(
                f"SELECT 1 FROM {table} WHERE key = ?", (key,)
            ).fetchone()
            is not None
            for table, key, _ in changes
        )

    def documents(self, table: str) -> list[str]:
        rows = self.connection.execute(f"SELECT document FROM {table} ORDER BY rowid")
        return [row[0] for row in rows]

    def close(self) -> None:
        self.connection.close()


def open_store_file(path: Path) -> StoreFile:
    """Open a store that is sound afterwards.

    Raises:
        DamagedError: it isn't, and can't be put right.
    """
    copy = SecondCopy(path.with_suffix(".copy"))
    try:
        connection, number, documents = _open_sound(path, copy)
    except DamagedError as error:
        connection, number = _restore(path, copy, error)
        documents = _read_all(connection)
    copy.write_anew(number, documents)
    return StoreFile(connection, copy, number)


def _open_sound(
    path: Path, copy: SecondCopy
) -> tuple[sqlite3.Connection, int, list[Change]]:
    connection = open_database(path, _MIGRATIONS)
    try:
        number, documents = _look_over(connection, path)
        missing = copy.last_transaction() - number
        if missing > 0:
            raise DamagedError(f"{str(path)!r} lacks the last {missing} changes")
    except BaseException:
        connection.close()
        raise
    return connection, number, documents


def _look_over(connection: sqlite3.Connection, path: Path) -> tuple[int, list[Change]]:
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        (number,) = connection.execute("SELECT number FROM transactions").fetchone()
        documents = _read_all(connection)
        for _, _, document in documents:
            json.loads(document or "")
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise DamagedError(f"{str(path)!r} is damaged: {error}") from error
    if found != "ok":
        raise DamagedError(f"{str(path)!r} is damaged: {found}")
    return int(number), documents


def _restore(
    path: Path, copy: SecondCopy, error: LabError
) -> tuple[sqlite3.Connection, int]:
    """Put the damaged database aside and make another one of the second copy."""
    kept = copy.read()
    if not kept.transaction:
        raise DamagedError(
            f"{error}, and its second copy {str(copy.path)!r} is of no help: put one "
            "of them back from a backup"
        ) from error
    aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
    path.rename(aside) if path.exists() else None
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    connection = open_database(path, _MIGRATIONS)
    _apply(connection, _all_of(kept), kept.transaction)
    count = sum(table == "containers" for table, _ in kept.documents)
    _log.warning(
        "%s: restored %d containers and all else from its second copy; what is left of "
        "the damaged file is %s",
        *(error, count, aside),
    )
    return connection, kept.transaction


def _all_of(kept: Kept) -> list[Change]:
    return [(*place, document) for place, document in kept.documents.items()]


def _read_all(connection: sqlite3.Connection) -> list[Change]:
    return [
        (table, key, document)
        for table in TABLES
        for key, document in connection.execute(
            f"SELECT key, document FROM {table} ORDER BY rowid"
        )
    ]


def _apply(
    connection: sqlite3.Connection, changes: Sequence[Change], number: int
) -> None:
    with transaction(connection):
        for table, key, document in changes:
            if document is None:
                connection.execute(f"DELETE FROM {table} WHERE key = ?", (key,))
            else:
                connection.execute(
                    f"INSERT INTO {table} (key, document) VALUES (?, ?) "
                    "ON CONFLICT (key) DO UPDATE SET document = excluded.document",
                    (key, document),
                )
        connection.execute("UPDATE transactions SET number = ?", (number,))
