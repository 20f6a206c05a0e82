"""Where the learner stands: steps that worked, and the best result of each exercise.

A notebook, a terminal and a second notebook may write at once, so this is a small
SQLite file in the learner's folder, not a text that one overwrites for the other.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from labkit.base.clock import Clock
from labkit.base.database import DamagedError, open_database

_log = logging.getLogger(__name__)
FILE_NAME = "progress.db"

_MIGRATIONS = (
    """
    CREATE TABLE step (
        chapter TEXT NOT NULL, id TEXT NOT NULL, done_ns INTEGER NOT NULL,
        PRIMARY KEY (chapter, id)
    );
    CREATE TABLE exercise (
        id TEXT PRIMARY KEY, points REAL NOT NULL, of REAL NOT NULL,
        graded_ns INTEGER NOT NULL
    );
    """,
)


@dataclass(frozen=True, slots=True)
class Result:
    """The best that a learner has reached in an exercise."""

    points: float
    of: float


class Progress:
    """The learner's record in one folder."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._path = home / FILE_NAME
        self._clock = clock

    def record_step(self, chapter: str, step_id: str) -> None:
        """Note that a step did what it should."""
        with self._open() as database:
            database.execute(
                "INSERT OR REPLACE INTO step VALUES (?, ?, ?)",
                (chapter, step_id, self._clock.now_ns()),
            )

    def record_exercise(self, exercise_id: str, points: float, of: float) -> None:
        """Note a result; a worse one than before changes nothing."""
        with self._open() as database:
            database.execute(
                "INSERT INTO exercise VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                "SET points = excluded.points, of = excluded.of, "
                "graded_ns = excluded.graded_ns "
                "WHERE excluded.points / excluded.of >= exercise.points / exercise.of",
                (exercise_id, points, of, self._clock.now_ns()),
            )

    def steps_done(self, chapter: str) -> frozenset[str]:
        """Return the ids of the steps of a chapter that worked at least once."""
        if not self._path.exists():
            return frozenset()
        with self._open() as database:
            rows = database.execute("SELECT id FROM step WHERE chapter = ?", (chapter,))
            return frozenset(row[0] for row in rows)

    def last_chapter(self) -> str | None:
        """Return the chapter of the step that worked last, if any did."""
        if not self._path.exists():
            return None
        with self._open() as database:
            row = database.execute(
                "SELECT chapter FROM step ORDER BY done_ns DESC, rowid DESC LIMIT 1"
            ).fetchone()
            return str(row[0]) if row else None

    def results(self) -> dict[str, Result]:
        """Return the best result of every exercise that was graded."""
        if not self._path.exists():
            return {}
        with self._open() as database:
            rows = database.execute("SELECT id, points, of FROM exercise ORDER BY id")
            return {row[0]: Result(row[1], row[2]) for row in rows}

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open_sound()) as database:
            yield database

    def _open_sound(self) -> sqlite3.Connection:
        """Open the file; a damaged one is put aside, so that the course goes on."""
        try:
            return open_database(self._path, _MIGRATIONS)
        except DamagedError as error:
            aside = self._path.with_name(f"{FILE_NAME}.damaged")
            self._path.rename(aside)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(FILE_NAME + suffix).unlink(missing_ok=True)
            _log.warning("%s: it is %s now, and progress begins anew", error, aside)
            return open_database(self._path, _MIGRATIONS)
