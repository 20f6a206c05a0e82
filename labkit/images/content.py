"""The content store: blobs under the names of their own digests.

    blobs/sha256/<64 hex>      whole, verified, never changed
    blobs/ingest/<random>      being written; swept when the store opens

A blob is written to ``ingest/``, hashed on the way, compared with the digest and the
size that were promised, flushed to the disk and only then renamed to its digest. So a
blob that has its name is right and complete, whoever was killed when; and writing one
that is already there changes nothing (containerd's content store works so, too).
"""

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from labkit.base.digest import Digest
from labkit.base.errors import InternalError, InvalidInputError, NotFoundError
from labkit.base.files import sync_folder

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored blob: its name and how long it is."""

    digest: Digest
    size: int


class ContentStore:
    """Blobs by digest, below one folder."""

    def __init__(self, root: Path) -> None:
        self._blobs = root / "sha256"
        self._ingest = root / "ingest"
        for folder in (self._blobs, self._ingest):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._ingest.iterdir():  # by a writer that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def has(self, digest: Digest) -> bool:
        return self._path(digest).exists()

    def size(self, digest: Digest) -> int:
        """Return a blob's length in bytes, or raise NotFoundError."""
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError as error:
            raise _absent(digest) from error

    def writer(self) -> "BlobWriter":
        """Start a blob whose digest may not be known yet."""
        return BlobWriter(self._ingest, self._blobs)

    def write(
        self, stream: BinaryIO, expected: Digest | None = None, size: int | None = None
    ) -> Blob:
        """Store all that is left in a stream.

        Raises:
            InvalidInputError: digest or size is not what was promised.
        """
        with self.writer() as writer:
            while chunk := stream.read(CHUNK_BYTES):
                writer.write(chunk)
            return writer.commit(expected, size)

    def open_blob(self, digest: Digest) -> BinaryIO:
        """Open a blob after reading it once to see that the disk kept it right.

        Raises:
            NotFoundError: there is none.
            InternalError: its bytes have changed since they were stored.
        """
        file = self.open_unverified(digest)
        try:
            if (found := Digest.of_stream(file)) != digest:
                raise InternalError(
                    f"blob {digest} is damaged on the disk: its bytes are {found}"
                )
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def open_unverified(self, digest: Digest) -> BinaryIO:
        """Open a blob whose bytes the caller will check, or just has."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError as error:
            raise _absent(digest) from error

    def sync(self, digests: Iterable[Digest]) -> None:
        """Write blobs to the disk that were stored without that."""
        for digest in digests:
            with self.open_unverified(digest) as file:
                os.fsync(file.fileno())
        sync_folder(self._blobs)

    def delete(self, digest: Digest) -> None:
        """Remove a blob; one that is gone already is fine."""
        self._path(digest).unlink(missing_ok=True)

    def walk(self) -> Iterator[Digest]:
        """Name every blob that is whole."""
        for path in sorted(self._blobs.iterdir()):
            yield Digest(f"sha256:{path.name}")

    def _path(self, digest: Digest) -> Path:
        return self._blobs / digest.hex


class BlobWriter:
    """A blob on its way in; without ``commit`` nothing of it stays."""

    def __init__(self, ingest: Path, blobs: Path) -> None:
        self._blobs = blobs
        self._draft = ingest / secrets.token_hex(8)
        self._hash = hashlib.sha256()
        self._size = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._file = os.fdopen(os.open(self._draft, flags, 0o600), "wb")

    @property
    def size(self) -> int:
        return self._size

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self._size += len(data)
        return self._file.write(data)

    def commit(
        self,
        expected: Digest | None = None,
        size: int | None = None,
        *,
        sync: bool = True,
    ) -> Blob:
        """Check the blob and give it its name.

        Args:
            sync: durably; else the caller syncs the file system before it counts on it.
        """
        digest = Digest("sha256:" + self._hash.hexdigest())
        if size is not None and size != self._size:
            raise InvalidInputError(
                f"cannot store blob {expected or digest}: "
                f"expected {size} bytes, got {self._size}"
            )
        if expected is not None and expected != digest:
            raise InvalidInputError(
                f"cannot store blob {expected}: its bytes have digest {digest}"
            )
        path = self._blobs / digest.hex
        if not path.exists():
            self._file.flush()
            if sync:
                os.fsync(self._file.fileno())
            self._draft.rename(path)
            if sync:
                sync_folder(self._blobs)
        return Blob(digest, self._size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        with contextlib.suppress(FileNotFoundError):  # renamed: it is a blob now
            self._draft.unlink()


def _absent(digest: Digest) -> NotFoundError:
    return NotFoundError(f"no blob {digest}")
