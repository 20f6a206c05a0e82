"""What is known of images elsewhere: their manifests, and where their layers lie.

    manifests      digest -> the bytes that came, so that they can be pushed unchanged
    remote_blobs   a layer's packed form, and the repositories that have it

With the second a push knows a layer's name up there without packing it, and from
where a registry can mount it (moby keeps the same, ``distribution/metadata``).
"""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.base.database import transaction
from labkit.base.digest import Digest
from labkit.images.registry.model import Document

SCHEMA = """
    CREATE TABLE manifests (
        digest TEXT PRIMARY KEY, media_type TEXT NOT NULL, content BLOB NOT NULL,
        image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE);
    CREATE INDEX manifests_by_image ON manifests(image);
    CREATE TABLE remote_blobs (
        diff_id TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,
        media_type TEXT NOT NULL, repository TEXT NOT NULL, seen INTEGER NOT NULL,
        PRIMARY KEY (diff_id, repository, digest));
    """
_KEPT = 50  # forms of a layer; moby keeps as many


@dataclass(frozen=True, slots=True)
class RemoteBlob:
    """A layer as a repository (domain and path) has it."""

    diff_id: Digest
    digest: Digest
    size: int
    media_type: str
    repository: str


class Remotes:
    """A part of the catalog: same file, same lock."""

    def __init__(self, database: sqlite3.Connection, lock: threading.RLock) -> None:
        self._database = database
        self._lock = lock

    def add_manifest(self, document: Document, image_id: Digest) -> None:
        """Keep the manifest that an image came with or went by."""
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO manifests VALUES (?, ?, ?, ?)",
                (
                    document.digest.text,
                    document.media_type,
                    document.content,
                    image_id.text,
                ),
            )

    def manifests(self, image_id: Digest) -> tuple[Document, ...]:
        """Return an image's manifests, the latest first."""
        with self._lock:
            rows = self._database.execute(
                "SELECT digest, media_type, content FROM manifests WHERE image = ? "
                "ORDER BY rowid DESC",
                (image_id.text,),
            ).fetchall()
        return tuple(
            Document(Digest(digest), media_type, bytes(content))
            for digest, media_type, content in rows
        )

    def add_blobs(self, blobs: Sequence[RemoteBlob]) -> None:
        """Note where layers lie; the oldest notes of a layer make room."""
        with self._lock, transaction(self._database) as database:
            for blob in blobs:
                database.execute(
                    "INSERT OR REPLACE INTO remote_blobs VALUES (?, ?, ?, ?, ?, "
                    "(SELECT coalesce(max(seen), 0) + 1 FROM remote_blobs))",
                    (
                        blob.diff_id.text,
                        blob.digest.text,
                        blob.size,
                        blob.media_type,
                        blob.repository,
                    ),
                )
                database.execute(
                    "DELETE FROM remote_blobs WHERE diff_id = ? AND seen NOT IN "
                    "(SELECT seen FROM remote_blobs WHERE diff_id = ? "
                    "ORDER BY seen DESC LIMIT ?)",
                    (blob.diff_id.text, blob.diff_id.text, _KEPT),
                )

    def blobs(self, diff_id: Digest) -> tuple[RemoteBlob, ...]:
        """Return where a layer lies, the latest first."""
        with self._lock:
            rows = self._database.execute(
                "SELECT diff_id, digest, size, media_type, repository "
                "FROM remote_blobs WHERE diff_id = ? ORDER BY seen DESC",
                (diff_id.text,),
            ).fetchall()
        return tuple(
            RemoteBlob(Digest(one), Digest(digest), size, media_type, repository)
            for one, digest, size, media_type, repository in rows
        )
