"""SQLite files that survive a killed process and a power cut.

Every change that a client was told of must be found again, so the journal is a
write-ahead log with ``synchronous=FULL``: a commit returns when its log record is on
the disk. (WAL's usual ``NORMAL`` may lose the last commits in a power cut.)

The schema grows by *migrations*: a list of SQL scripts, oldest first, never edited
after a release. ``PRAGMA user_version`` counts the ones that were applied; it is part
of the transaction, so a script is applied as a whole or not at all.

The connection may be handed from thread to thread, one at a time: whoever shares it
holds a lock of his own around each use. It is in autocommit mode; several statements
belong into ``with transaction(connection):``.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from labkit.base.errors import InternalError

BUSY_SECONDS = 10.0


class DamagedError(InternalError):
    """A file can't be read, or lacks what it should hold."""


def open_database(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    """Open or create a database and bring its schema up to date.

    Raises:
        DamagedError: the file can't be read.
        InternalError: it was written by a newer labkit.
    """
    connection = _connect(path)
    try:
        _migrate(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Make the statements of a block one change: all of them or none."""
    # IMMEDIATE takes the write lock at once. A deferred transaction takes it at its
    # first write and fails there, without waiting, if another writer came between.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it already
            connection.execute("ROLLBACK")
        raise


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise InternalError(f"cannot open database {str(path)!r}: {error}") from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error as error:
        connection.close()
        raise _failure(path, error) from error
    return connection


def _failure(path: Path, error: sqlite3.Error) -> InternalError:
    """Tell damage from what else goes wrong, such as a full disk or another's lock."""
    text = f"cannot open database {str(path)!r}: {error}"
    # Its subclasses (sqlite3.OperationalError is one) stand for everything else.
    return (DamagedError if type(error) is sqlite3.DatabaseError else InternalError)(
        text
    )


def _migrate(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[str]
) -> None:
    try:
        (applied,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise _failure(path, error) from error
    if applied > len(migrations):
        raise InternalError(
            f"cannot open database {str(path)!r}: it has schema {applied}, "
            f"this labkit knows {len(migrations)}: use the labkit that wrote it"
        )
    for number in range(applied, len(migrations)):
        _apply(connection, path, number, migrations[number])


def _apply(
    connection: sqlite3.Connection, path: Path, number: int, script: str
) -> None:
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number + 1}; COMMIT;"
        )
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise InternalError(
            f"cannot bring database {str(path)!r} to schema {number + 1}: {error}"
        ) from error
