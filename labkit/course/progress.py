"""Where the learner stands: steps that worked; of each exercise the best result, every
attempt with its points and time, and the hints that were given.

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
from labkit.base.database import DamagedError, open_database, transaction

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
    """
    CREATE TABLE attempt (
        exercise TEXT NOT NULL, points REAL NOT NULL, of REAL NOT NULL,
        graded_ns INTEGER NOT NULL
    );
    CREATE INDEX attempt_exercise ON attempt (exercise);
    CREATE TABLE hint (
        exercise TEXT NOT NULL, ladder TEXT NOT NULL, tier INTEGER NOT NULL,
        taken_ns INTEGER NOT NULL, current INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX hint_exercise ON hint (exercise);
    """,
)


@dataclass(frozen=True, slots=True)
class Result:
    """The best that a learner has reached in an exercise."""

    points: float
    of: float


@dataclass(frozen=True, slots=True)
class Work:
    """What a learner has put into an exercise, all resets included.

    Times are of the clock, in nanoseconds; ``solved_ns`` that of the first attempt
    with all points. A hint that was shown twice counts once.
    """

    attempts: int = 0
    hints: int = 0
    first_ns: int | None = None
    solved_ns: int | None = None


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
        """Note an attempt; the best result stays when a worse one follows."""
        now_ns = self._clock.now_ns()
        with self._open() as database, transaction(database):
            database.execute(
                "INSERT INTO attempt VALUES (?, ?, ?, ?)",
                (exercise_id, points, of, now_ns),
            )
            database.execute(
                "INSERT INTO exercise VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                "SET points = excluded.points, of = excluded.of, "
                "graded_ns = excluded.graded_ns "
                "WHERE excluded.points / excluded.of >= exercise.points / exercise.of",
                (exercise_id, points, of, now_ns),
            )

    def record_hint(self, exercise_id: str, ladder: str, tier: int) -> None:
        """Note that a tier of a ladder of hints was given."""
        with self._open() as database:
            database.execute(
                "INSERT INTO hint (exercise, ladder, tier, taken_ns) "
                "VALUES (?, ?, ?, ?)",
                (exercise_id, ladder, tier, self._clock.now_ns()),
            )

    def hints_taken(self, exercise_id: str, ladder: str) -> int:
        """Return how many tiers of a ladder were given since its exercise began."""
        if not self._path.exists():
            return 0
        with self._open() as database:
            (tier,) = database.execute(
                "SELECT MAX(tier) FROM hint "
                "WHERE exercise = ? AND ladder = ? AND current",
                (exercise_id, ladder),
            ).fetchone()
            return int(tier or 0)

    def begin_exercise(self, exercise_id: str) -> None:
        """Let an exercise's hints begin at the bottom; what was used stays counted."""
        if not self._path.exists():
            return
        with self._open() as database:
            database.execute(
                "UPDATE hint SET current = 0 WHERE exercise = ?", (exercise_id,)
            )

    def work(self) -> dict[str, Work]:
        """Return what was put into every exercise of which anything is known."""
        if not self._path.exists():
            return {}
        with self._open() as database:
            hints = dict(
                database.execute(
                    "SELECT exercise, COUNT(DISTINCT ladder || '/' || tier) FROM hint "
                    "GROUP BY exercise"
                )
            )
            rows = database.execute(
                "SELECT exercise, COUNT(*), MIN(graded_ns), "
                "MIN(CASE WHEN points >= of THEN graded_ns END) "
                "FROM attempt GROUP BY exercise"
            )
            found = {
                row[0]: Work(row[1], hints.pop(row[0], 0), row[2], row[3])
                for row in rows
            }
            return found | {name: Work(hints=count) for name, count in hints.items()}

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
