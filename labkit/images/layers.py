"""Layers at rest: packed blobs that stand for plain tars.

An image's configuration names a layer by its *diff id*, the digest of the plain tar;
a registry and our store name it by the digest of the packed bytes. A layer that comes
packed is kept byte for byte, so that it can be pushed again under the same digest; one
that comes plain is packed with zstd on the way in (level 1: as fast as the disk, and
a third of the bytes). Both digests are taken in the one pass over the stream.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

import zstandard

from labkit.base.compression import Compression, Unpacked, detect_compression
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.images.content import CHUNK_BYTES, BlobWriter, ContentStore
from labkit.snapshots.model import LayerUsage
from labkit.spec.image import OCI_LAYER, OCI_LAYER_GZIP, OCI_LAYER_ZSTD, Descriptor

MEDIA_TYPES = {
    Compression.NONE: OCI_LAYER,
    Compression.GZIP: OCI_LAYER_GZIP,
    Compression.ZSTD: OCI_LAYER_ZSTD,
}
_ZSTD_LEVEL = 1
UNKNOWN_SIZE = -1


@dataclass(frozen=True, slots=True)
class LayerBlob:
    """Where a layer's bytes are."""

    diff_id: Digest
    digest: Digest
    size: int
    media_type: str
    plain_size: int


def write_layer(
    content: ContentStore,
    stream: BinaryIO,
    expected: Digest | None = None,
    durable: bool = True,
) -> LayerBlob:
    """Store one layer, plain or packed.

    Args:
        expected: the diff id that the stream must have.

    Raises:
        InvalidInputError: it has another one, or it is damaged.
    """
    head = io.BufferedReader(cast(io.RawIOBase, _Raw(stream)), CHUNK_BYTES)
    compression = detect_compression(head.peek(8)[:8])
    with content.writer() as writer:
        if compression in (Compression.GZIP, Compression.ZSTD):
            diff_id, plain_size = _keep(head, writer)
        else:
            diff_id, plain_size = _pack(Unpacked(cast(BinaryIO, head)), writer)
            compression = Compression.ZSTD
        if expected is not None and diff_id != expected:
            raise InvalidInputError(
                f"invalid layer: expected diff id {expected}, its bytes are {diff_id}"
            )
        blob = writer.commit(sync=durable)
    media_type = MEDIA_TYPES[compression]
    return LayerBlob(diff_id, blob.digest, blob.size, media_type, plain_size)


def receive_layer(
    content: ContentStore, stream: BinaryIO, promised: Descriptor, diff_id: Digest
) -> LayerBlob:
    """Store a layer as somebody sends it, checked against what was promised.

    What comes packed is not unpacked here: that it has the diff id shows when it is,
    by ``open_fresh``, and its plain size is not known before. The caller syncs it.

    Raises:
        InvalidInputError: it is another blob.
    """
    head = io.BufferedReader(cast(io.RawIOBase, _Raw(stream)), CHUNK_BYTES)
    compression = detect_compression(head.peek(8)[:8])
    if compression is Compression.NONE:
        plain = cast(BinaryIO, head)
        blob = write_layer(content, plain, promised.digest, durable=False)
        if (blob.diff_id, blob.plain_size) != (diff_id, promised.size):
            raise InvalidInputError(
                f"invalid layer: expected diff id {diff_id} and {promised.size} bytes, "
                f"got {blob.diff_id} and {blob.plain_size}"
            )
        return blob
    with content.writer() as writer:
        while chunk := head.read(CHUNK_BYTES):
            writer.write(chunk)
        stored = writer.commit(promised.digest, promised.size, sync=False)
    media_type = MEDIA_TYPES.get(compression, promised.media_type)
    return LayerBlob(diff_id, stored.digest, stored.size, media_type, UNKNOWN_SIZE)


@contextmanager
def open_fresh(
    content: ContentStore, blob: LayerBlob, tell: Callable[[int], None]
) -> Iterator["FreshLayer"]:
    """Open a layer that was stored a moment ago as its plain tar.

    Its blob is not read once more to see whether the disk kept it right; the plain
    bytes are compared with the diff id instead, at their end.
    """
    with content.open_unverified(blob.digest) as file:
        counted = _Counted(file, tell)
        yield FreshLayer(Unpacked(cast(BinaryIO, counted)), blob.diff_id)


def pack_layer(
    content: ContentStore, pack: Callable[[BinaryIO], LayerUsage]
) -> tuple[LayerBlob, LayerUsage]:
    """Store what a function writes as a plain tar.

    The blob is not yet safe from a power cut: who records it syncs before.
    """
    with content.writer() as writer:
        sink = _Sink(writer)
        usage = pack(cast(BinaryIO, sink))
        diff_id, plain_size = sink.finish()
        blob = writer.commit(sync=False)
    return (
        LayerBlob(diff_id, blob.digest, blob.size, OCI_LAYER_ZSTD, plain_size),
        usage,
    )


@contextmanager
def open_layer(content: ContentStore, blob: LayerBlob) -> Iterator[BinaryIO]:
    """Open a stored layer as its plain tar; the blob is verified first."""
    with content.open_blob(blob.digest) as file:
        plain = cast(io.RawIOBase, Unpacked(file))
        yield cast(BinaryIO, io.BufferedReader(plain, CHUNK_BYTES))


def _keep(packed: "_Source", writer: BlobWriter) -> tuple[Digest, int]:
    """Store packed bytes as they are; unpack a copy only to learn the diff id."""
    tee = _Tee(packed, writer)
    plain = Unpacked(cast(BinaryIO, tee))
    total, size = hashlib.sha256(), 0
    while chunk := plain.read(CHUNK_BYTES):
        total.update(chunk)
        size += len(chunk)
    while tee.read(CHUNK_BYTES):  # what lies behind the end belongs to the blob, too
        pass
    return Digest("sha256:" + total.hexdigest()), size


def _pack(plain: Unpacked, writer: BlobWriter) -> tuple[Digest, int]:
    sink = _Sink(writer)
    while chunk := plain.read(CHUNK_BYTES):
        sink.write(chunk)
    return sink.finish()


class _Sink:
    """Packs what is written to it into a blob, and takes the plain bytes' digest."""

    def __init__(self, writer: BlobWriter) -> None:
        self._writer = writer
        self._packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
        self._total = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        self._total.update(data)
        self._size += len(data)
        if packed := self._packer.compress(data):
            self._writer.write(packed)
        return len(data)

    def finish(self) -> tuple[Digest, int]:
        self._writer.write(self._packer.flush())
        return Digest("sha256:" + self._total.hexdigest()), self._size


class FreshLayer(io.RawIOBase):
    """A plain tar whose last read fails if it was not the one that was promised."""

    def __init__(self, plain: Unpacked, diff_id: Digest) -> None:
        super().__init__()
        self._plain = plain
        self._diff_id = diff_id
        self._hash = hashlib.sha256()
        self._piece = memoryview(b"")
        self.size = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0:
            size = CHUNK_BYTES
        if not self._piece:
            self._piece = memoryview(self._next())
        data, self._piece = self._piece[:size], self._piece[size:]
        return bytes(data)

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next(self) -> bytes:
        data = self._plain.read(CHUNK_BYTES)
        self._hash.update(data)
        self.size += len(data)
        found = Digest("sha256:" + self._hash.hexdigest()) if not data else None
        if found not in (None, self._diff_id):
            raise InvalidInputError(
                f"invalid layer: expected diff id {self._diff_id}, "
                f"its bytes are {found}"
            )
        return data


class _Counted(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], None]) -> None:
        super().__init__()
        self._file = file
        self._tell = tell
        self._at = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._at += len(data)
        self._tell(self._at)
        return data

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Source(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Tee(io.RawIOBase):
    """Copies what is read through it into a blob."""

    def __init__(self, source: _Source, writer: BlobWriter) -> None:
        super().__init__()
        self._source = source
        self._writer = writer

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._writer.write(data)
        return data

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Raw(io.RawIOBase):
    """Anything with ``read`` as the raw stream that a BufferedReader wants."""

    def __init__(self, source: _Source) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
