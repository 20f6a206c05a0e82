"""A database with a backup beside it, as old as the last time it was opened or closed.

For what changes seldom and can be had again with some patience, such as the catalog of
images. What changes all the time has a second copy of its own (``engine/store_file``).
"""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from labkit.base.database import DamagedError, open_database

_log = logging.getLogger(__name__)


def open_with_backup(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    """Open a database that is sound; a damaged one is put aside for its backup.

    Raises:
        DamagedError: there is no backup either.
    """
    try:
        connection = _open_sound(path, migrations)
    except DamagedError as error:
        if not _backup_of(path).exists():
            raise
        aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
        with contextlib.suppress(FileNotFoundError):
            path.rename(aside)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(_backup_of(path).read_bytes())
        connection = _open_sound(path, migrations)
        _log.warning(
            "%s: went back to its backup; what is left of it is %s", error, aside
        )
    write_backup(connection, path)
    return connection


def write_backup(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the backup up to date, whole or not at all."""
    draft = path.with_name(f".{path.name}.backup.tmp")
    draft.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as target:
        # The rename makes it whole, and the database itself is what must be durable.
        target.execute("PRAGMA synchronous = OFF")
        connection.backup(target)
    draft.rename(_backup_of(path))


def _open_sound(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    if not path.exists() and _backup_of(path).exists():
        raise DamagedError(f"{str(path)!r} is gone")
    connection = open_database(path, migrations)
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise DamagedError(f"{str(path)!r} is damaged: {found}")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise DamagedError(f"{str(path)!r} is damaged: {error}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _backup_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.backup")
