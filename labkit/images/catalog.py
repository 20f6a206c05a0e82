"""The catalog: which names stand for which image, and what an image is made of.

One SQLite file. Everything large is elsewhere (blobs in the content store, unpacked
layers in the snapshots); the catalog is what makes them *reachable*. So an image is
there from the moment one transaction has recorded it, and gone from the moment one
has removed it; whatever lies in the other two places without a row here is rubbish
that ``ImageStore.collect`` sweeps.

    images   id -> configuration            image_chains  image -> its layers, in order
    names    name:tag or name@digest -> image    chains   unpacked layer -> its diff id
                                            blobs         diff id -> blob in the store
    manifests, remote_blobs      what is known of them elsewhere: remotes.py
"""

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.base.backup import open_with_backup, write_backup
from labkit.base.codec import decode, same_name
from labkit.base.database import transaction
from labkit.base.digest import Digest
from labkit.base.errors import InternalError, InvalidInputError, NotFoundError
from labkit.base.reference import Reference, parse_bare_reference
from labkit.images import remotes
from labkit.images.layers import LayerBlob
from labkit.images.model import Image
from labkit.spec.image import ImageConfig

_BACKUP_SECONDS = 0.2
MIGRATIONS = (
    """
    CREATE TABLE images (
        id TEXT PRIMARY KEY, config BLOB NOT NULL, created_ns INTEGER NOT NULL,
        parent TEXT);
    CREATE TABLE names (
        name TEXT PRIMARY KEY,
        image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE);
    CREATE TABLE chains (
        id TEXT PRIMARY KEY, diff_id TEXT NOT NULL, parent TEXT, bytes INTEGER);
    CREATE TABLE image_chains (
        image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
        position INTEGER NOT NULL, chain TEXT NOT NULL REFERENCES chains(id),
        PRIMARY KEY (image, position));
    CREATE TABLE blobs (
        diff_id TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL,
        media_type TEXT NOT NULL, plain_size INTEGER NOT NULL);
    CREATE INDEX names_by_image ON names(image);
    CREATE INDEX chains_in_use ON image_chains(chain);
    """,
    remotes.SCHEMA,
)


@dataclass(frozen=True, slots=True)
class Chain:
    """An unpacked layer on top of those below it; ``bytes`` once it is unpacked."""

    id: Digest
    diff_id: Digest
    parent: Digest | None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class NewImage:
    """An image about to be recorded; its layers are unpacked already."""

    id: Digest
    config: bytes
    created_ns: int
    chains: tuple[Digest, ...]
    parent: Digest | None


class Catalog:
    """Records of images; every call is one transaction, from any thread."""

    def __init__(self, path: Path) -> None:
        self._database = open_with_backup(path, MIGRATIONS)
        self._path = path
        self._backed_up = 0.0
        self._lock = threading.RLock()
        self.remotes = remotes.Remotes(self._database, self._lock)

    def close(self) -> None:
        with self._lock, contextlib.suppress(sqlite3.ProgrammingError):  # closed before
            write_backup(self._database, self._path)
            self._database.close()

    def image(self, image_id: Digest) -> Image | None:
        with self._lock:
            row = self._database.execute(
                "SELECT id, config, created_ns, parent FROM images WHERE id = ?",
                (image_id.text,),
            ).fetchone()
            return None if row is None else self._read(*row)

    def images(self) -> tuple[Image, ...]:
        with self._lock:
            rows = self._database.execute(
                "SELECT id, config, created_ns, parent FROM images "
                "ORDER BY created_ns DESC, id"
            ).fetchall()
            return tuple(self._read(*row) for row in rows)

    def config_bytes(self, image_id: Digest) -> bytes:
        """Return a configuration as it came, its digest checked once more."""
        with self._lock:
            row = self._database.execute(
                "SELECT config FROM images WHERE id = ?", (image_id.text,)
            ).fetchone()
        if row is None or Digest.of(row[0]) != image_id:
            raise InternalError(f"the configuration of image {image_id} is damaged")
        return bytes(row[0])

    def find_name(self, name: Reference) -> Digest | None:
        with self._lock:
            row = self._database.execute(
                "SELECT image FROM names WHERE name = ?", (name.text,)
            ).fetchone()
        return None if row is None else Digest(row[0])

    def find_prefix(self, prefix: str) -> tuple[Digest, ...]:
        """Find images whose hex id starts so; at most two, enough to be ambiguous."""
        with self._lock:
            rows = self._database.execute(
                "SELECT id FROM images WHERE substr(id, 8, ?) = ? LIMIT 2",
                (len(prefix), prefix),
            ).fetchall()
        return tuple(Digest(text) for (text,) in rows)

    def add_image(
        self, new: NewImage, names: Sequence[Reference]
    ) -> list[tuple[Reference, Digest]]:
        """Record an image whose layers are all unpacked, with its names.

        Returns:
            The names that were taken from other images, and whose they were.
        """
        with self._lock, transaction(self._database) as database:
            added = database.execute(
                "INSERT OR IGNORE INTO images VALUES (?, ?, ?, ?)",
                (
                    new.id.text,
                    new.config,
                    new.created_ns,
                    new.parent and new.parent.text,
                ),
            )
            if added.rowcount:
                database.executemany(
                    "INSERT INTO image_chains VALUES (?, ?, ?)",
                    [(new.id.text, at, id_.text) for at, id_ in enumerate(new.chains)],
                )
            moved = [(name, self._point(name, new.id)) for name in names]
        self._back_up()
        return [(name, previous) for name, previous in moved if previous is not None]

    def _back_up(self) -> None:
        """Keep the backup fresh, but not with every step of a build."""
        with self._lock:
            if time.monotonic() - self._backed_up > _BACKUP_SECONDS:
                write_backup(self._database, self._path)
                self._backed_up = time.monotonic()

    def remove_image(self, image_id: Digest) -> None:
        """Forget an image and its names."""
        with self._lock:
            self._database.execute("DELETE FROM images WHERE id = ?", (image_id.text,))

    def set_name(self, name: Reference, image_id: Digest) -> Digest | None:
        """Point a name at an image; return the one it was taken from, if any."""
        with self._lock, transaction(self._database):
            return self._point(name, image_id)

    def remove_name(self, name: Reference) -> bool:
        with self._lock:
            gone = self._database.execute(
                "DELETE FROM names WHERE name = ?", (name.text,)
            )
            return gone.rowcount > 0

    def add_chain(self, chain: Chain) -> None:
        """Record a layer, before it is unpacked and again when its size is known."""
        with self._lock:
            self._database.execute(
                "INSERT INTO chains VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                "SET bytes = coalesce(excluded.bytes, bytes)",
                (
                    chain.id.text,
                    chain.diff_id.text,
                    chain.parent and chain.parent.text,
                    chain.bytes,
                ),
            )

    def add_layers(self, layers: Sequence[tuple[LayerBlob, Chain]]) -> None:
        """Record blobs and unpacked layers in one change."""
        with self._lock, transaction(self._database):
            for blob, chain in layers:
                self.add_blob(blob)
                self.add_chain(chain)

    def set_sizes(self, sizes: Mapping[Digest, int]) -> None:
        """Note the bytes of layers, which says that they are unpacked and whole."""
        with self._lock, transaction(self._database) as database:
            database.executemany(
                "UPDATE chains SET bytes = ? WHERE id = ?",
                [(size, chain.text) for chain, size in sizes.items()],
            )

    def add_chains(self, chains: Sequence[Chain]) -> None:
        """Record several layers that are about to be unpacked."""
        with self._lock, transaction(self._database):
            for chain in chains:
                self.add_chain(chain)

    def chain(self, chain_id: Digest) -> Chain | None:
        with self._lock:
            row = self._database.execute(
                "SELECT * FROM chains WHERE id = ?", (chain_id.text,)
            ).fetchone()
        return None if row is None else _chain(*row)

    def unused_chains(self) -> tuple[Chain, ...]:
        """Return layers that no image has."""
        with self._lock:
            rows = self._database.execute(
                "SELECT * FROM chains WHERE id NOT IN (SELECT chain FROM image_chains)"
            ).fetchall()
        return tuple(_chain(*row) for row in rows)

    def remove_chain(self, chain_id: Digest) -> None:
        with self._lock:
            self._database.execute("DELETE FROM chains WHERE id = ?", (chain_id.text,))

    def add_blob(self, blob: LayerBlob) -> None:
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?, ?)",
                (
                    blob.diff_id.text,
                    blob.digest.text,
                    blob.size,
                    blob.media_type,
                    blob.plain_size,
                ),
            )

    def blob(self, diff_id: Digest) -> LayerBlob | None:
        with self._lock:
            row = self._database.execute(
                "SELECT * FROM blobs WHERE diff_id = ?", (diff_id.text,)
            ).fetchone()
        return None if row is None else _blob(*row)

    def blobs(self) -> tuple[LayerBlob, ...]:
        with self._lock:
            rows = self._database.execute("SELECT * FROM blobs").fetchall()
        return tuple(_blob(*row) for row in rows)

    def unused_blobs(self) -> tuple[LayerBlob, ...]:
        """Return blobs of layers that are no longer unpacked anywhere."""
        with self._lock:
            rows = self._database.execute(
                "SELECT * FROM blobs WHERE diff_id NOT IN (SELECT diff_id FROM chains)"
            ).fetchall()
        return tuple(_blob(*row) for row in rows)

    def remove_blob(self, diff_id: Digest) -> None:
        with self._lock:
            self._database.execute(
                "DELETE FROM blobs WHERE diff_id = ?", (diff_id.text,)
            )

    def _point(self, name: Reference, image_id: Digest) -> Digest | None:
        row = self._database.execute(
            "SELECT image FROM names WHERE name = ?", (name.text,)
        ).fetchone()
        try:
            self._database.execute(
                "INSERT OR REPLACE INTO names VALUES (?, ?)", (name.text, image_id.text)
            )
        except sqlite3.IntegrityError as error:  # removed a moment ago
            raise NotFoundError(f"No such image: {image_id}") from error
        return None if row is None or row[0] == image_id.text else Digest(row[0])

    def _read(
        self, image_id: str, config: bytes, created_ns: int, parent: str | None
    ) -> Image:
        names = [
            parse_bare_reference(name)
            for (name,) in self._database.execute(
                "SELECT name FROM names WHERE image = ? ORDER BY name", (image_id,)
            )
        ]
        chains = self._database.execute(
            "SELECT chains.id, bytes FROM image_chains JOIN chains "
            "ON chains.id = chain WHERE image = ? ORDER BY position",
            (image_id,),
        ).fetchall()
        return Image(
            id=Digest(image_id),
            config=parse_config(config),
            names=tuple(name for name in names if name.digest is None),
            repo_digests=tuple(name for name in names if name.digest is not None),
            size=sum(size or 0 for _, size in chains),
            created_ns=created_ns,
            chain_ids=tuple(Digest(chain) for chain, _ in chains),
            parent=None if parent is None else Digest(parent),
        )


def parse_config(data: bytes) -> ImageConfig:
    """Read an image's configuration, or raise InvalidInputError."""
    try:
        document = json.loads(data)
    except ValueError as error:
        raise InvalidInputError(
            f"invalid image configuration, it is no JSON: {error}"
        ) from error
    return decode(ImageConfig, document, same_name)


def _chain(id_: str, diff_id: str, parent: str | None, size: int | None) -> Chain:
    below = None if parent is None else Digest(parent)
    return Chain(Digest(id_), Digest(diff_id), below, size)


def _blob(
    diff_id: str, digest: str, size: int, media_type: str, plain_size: int
) -> LayerBlob:
    return LayerBlob(Digest(diff_id), Digest(digest), size, media_type, plain_size)
