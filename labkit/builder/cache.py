"""The build cache: what was done once need not be done again.

    builder.db           a row a step: its key, its layer, when it was made and used
    builder/caches/<id>  folders of ``RUN --mount=type=cache``

The rows are in memory while the engine runs; the database is their copy for the next
one. It may lose the last builds in a power cut (then they are done again), but what it
has is true: layers reach the disk before the rows that name them.

Layers that a row names are kept in the image store, whoever removes images.
"""

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from labkit.base.clock import Clock
from labkit.base.database import open_database, transaction
from labkit.base.digest import Digest
from labkit.builder.keys import digest_of
from labkit.builder.ports import Layers
from labkit.images.locks import KeyedLocks

CACHE_MOUNT = "exec.cachemount"
METADATA = "metadata"
MOST_NOTES = 40_000
"""Records of instructions that made no files, of which each takes a kilobyte."""

MIGRATIONS = (
    """
    CREATE TABLE records (
        key TEXT PRIMARY KEY, kind TEXT NOT NULL, description TEXT NOT NULL,
        diff_id TEXT NOT NULL, chain_id TEXT NOT NULL, size INTEGER NOT NULL,
        created_ns INTEGER NOT NULL, used_ns INTEGER NOT NULL,
        uses INTEGER NOT NULL, parent TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    ALTER TABLE records ADD COLUMN made_ns INTEGER NOT NULL DEFAULT 0;
    UPDATE records SET made_ns = created_ns;
    """,
)
_COLUMNS = 11


@dataclass(frozen=True, slots=True)
class Record:
    """One step that was done. Without a diff id it changed no file.

    An image is dated with ``created_ns``, which may be SOURCE_DATE_EPOCH or another
    image's moment; the record itself was made at ``made_ns``.
    """

    key: str
    kind: str
    description: str
    diff_id: str = ""
    chain_id: str = ""
    size: int = 0
    created_ns: int = 0
    used_ns: int = 0
    uses: int = 0
    parent: str = ""
    made_ns: int = 0

    @property
    def layer(self) -> Digest | None:
        return Digest(self.diff_id) if self.diff_id else None


@dataclass(slots=True)
class _Memory:
    records: dict[str, Record] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    busy: dict[str, int] = field(default_factory=dict)


class BuildCache:
    """Safe from several threads; one engine's."""

    def __init__(self, root: Path, layers: Layers, clock: Clock) -> None:
        self._folders = root / "builder" / "caches"
        self._folders.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._layers = layers
        self._clock = clock
        self._guard = threading.RLock()
        self._steps = KeyedLocks()
        self._mounts = KeyedLocks()
        self._memory = _Memory()
        self._database = open_database(root / "builder.db", MIGRATIONS)
        # The rows can be made anew; waiting for the disk would cost every build.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._load()

    def close(self) -> None:
        self.flush()
        with self._guard:
            self._database.close()

    @contextmanager
    def working_on(self, key: str) -> Iterator[None]:
        """Let a step be done once if two builds come to it at the same time."""
        with self._steps.hold(key):
            yield

    def find(self, key: str) -> Record | None:
        """Return what is known of a step, and count the use."""
        with self._guard:
            record = self._memory.records.get(key)
            if record is None:
                return None
            used = replace(record, used_ns=self._clock.now_ns(), uses=record.uses + 1)
            self._memory.records[key] = used
            self._memory.changed.add(key)
            return used

    def put(self, record: Record) -> None:
        """Note a step; its layer is kept already, by who made it."""
        now = self._clock.now_ns()
        fresh = replace(
            record, made_ns=record.made_ns or now, used_ns=record.used_ns or now
        )
        with self._guard:
            before = self._memory.records.get(record.key)
            self._memory.records[record.key] = fresh
            self._memory.changed.add(record.key)
        if before is not None and before.chain_id:
            self._layers.let_go((Digest(before.chain_id),))

    def records(self) -> tuple[Record, ...]:
        """Return what takes or could take space, oldest first."""
        with self._guard:
            found = [
                one for one in self._memory.records.values() if one.kind != METADATA
            ]
        measured = (self._measured(one) for one in found)
        return tuple(sorted(measured, key=lambda one: (one.made_ns, one.key)))

    def is_busy(self, key: str) -> bool:
        with self._guard:
            return key in self._memory.busy

    def forget(self, keys: Iterable[str]) -> None:
        """Drop steps; their layers go with the store's next sweep."""
        with self._guard:
            gone = [self._memory.records.pop(key, None) for key in keys]
            dropped = [record for record in gone if record is not None]
            with transaction(self._database) as database:
                database.executemany(
                    "DELETE FROM records WHERE key = ?",
                    [(record.key,) for record in dropped],
                )
            self._memory.changed.difference_update(record.key for record in dropped)
        for record in dropped:
            if record.kind == CACHE_MOUNT:
                shutil.rmtree(self._folders / record.key, ignore_errors=True)
        chains = [Digest(record.chain_id) for record in dropped if record.chain_id]
        self._layers.let_go(chains)

    def forget_metadata(self) -> None:
        """Drop the notes of instructions without files."""
        with self._guard:
            keys = [
                one.key for one in self._memory.records.values() if one.kind == METADATA
            ]
        self.forget(keys)

    def flush(self) -> None:
        """Write what changed to the database, and forget notes that are too many."""
        with self._guard:
            self._trim()
            rows = [
                _row(self._memory.records[key])
                for key in self._memory.changed
                if key in self._memory.records
            ]
            self._memory.changed.clear()
            if not rows:
                return
            marks = ", ".join("?" * _COLUMNS)
            with transaction(self._database) as database:
                database.executemany(
                    f"INSERT OR REPLACE INTO records VALUES ({marks})", rows
                )

    def _trim(self) -> None:
        """Drop the notes that were used longest ago.

        They take no space that a prune would show, and each build without a cache
        leaves as many as it has instructions.
        """
        if len(self._memory.records) <= MOST_NOTES:
            return
        notes = [one for one in self._memory.records.values() if one.kind == METADATA]
        if len(notes) > MOST_NOTES:
            notes.sort(key=lambda one: one.used_ns)
            kept = MOST_NOTES * 3 // 4  # a good many at once: it is done seldom
            self.forget([one.key for one in notes[: len(notes) - kept]])

    # -- cache mounts

    @contextmanager
    def mount(self, name: str, sharing: str) -> Iterator[tuple[Path, bool]]:
        """Give the folder of a cache mount, and whether it is new.

        ``locked`` waits for the last user to leave; ``private`` gives a second user a
        folder of his own.
        """
        key = self._mount_key(name, sharing)
        folder = self._folders / key
        try:
            if sharing == "locked":
                with self._mounts.hold(key):
                    yield folder, self._ready(folder, key, name)
            else:
                yield folder, self._ready(folder, key, name)
        finally:
            self._leave(key)

    def _mount_key(self, name: str, sharing: str) -> str:
        with self._guard:
            for number in range(1000):
                key = digest_of("mount", name, str(number))
                if sharing != "private" or key not in self._memory.busy:
                    break
            self._memory.busy[key] = self._memory.busy.get(key, 0) + 1
            return key

    def _leave(self, key: str) -> None:
        with self._guard:
            self._memory.busy[key] -= 1
            if not self._memory.busy[key]:
                del self._memory.busy[key]

    def _ready(self, folder: Path, key: str, name: str) -> bool:
        if self.find(key) is None:
            now = self._clock.now_ns()
            self.put(Record(key, CACHE_MOUNT, f"cache mount {name}", created_ns=now))
        try:
            folder.mkdir(mode=0o755)
        except FileExistsError:
            return False
        folder.chmod(0o755)
        return True

    def _measured(self, record: Record) -> Record:
        if record.kind != CACHE_MOUNT:
            return record
        return replace(record, size=_folder_bytes(self._folders / record.key))

    def _load(self) -> None:
        lost: list[str] = []
        rows = self._database.execute("SELECT * FROM records").fetchall()
        for row in rows:
            record = Record(*row)
            if record.chain_id and not self._layers.has_layer(Digest(record.chain_id)):
                lost.append(record.key)  # an older data root was put here, say
            else:
                self._memory.records[record.key] = record
        if lost:
            self._database.executemany(
                "DELETE FROM records WHERE key = ?", [(key,) for key in lost]
            )
        chains = [
            Digest(one.chain_id)
            for one in self._memory.records.values()
            if one.chain_id
        ]
        self._layers.keep(chains)


def _row(record: Record) -> tuple[object, ...]:
    return (
        record.key,
        record.kind,
        record.description.encode(errors="replace").decode(),  # half a pair, say
        record.diff_id,
        record.chain_id,
        record.size,
        record.created_ns,
        record.used_ns,
        record.uses,
        record.parent,
        record.made_ns,
    )


def _folder_bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
