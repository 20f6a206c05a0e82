"""Layers at rest: packed blobs that stand for plain tars.

An image's configuration names a layer by its *diff id*, the digest of the plain tar;
a registry and our store name it by the digest of the packed bytes. A layer that comes
packed is kept byte for byte, so that it can be pushed again under the same digest; one
that comes plain is packed with zstd on the way in (level 1: as fast as the disk, and
a third of the bytes). Both digests are taken in the one pass over the stream.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

import zstandard

from labkit.base.compression import Compression, Unpacked, detect_compression
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.images.content import CHUNK_BYTES, BlobWriter, ContentStore
from labkit.spec.image import OCI_LAYER, OCI_LAYER_GZIP, OCI_LAYER_ZSTD

MEDIA_TYPES = {
    Compression.NONE: OCI_LAYER,
    Compression.GZIP: OCI_LAYER_GZIP,
    Compression.ZSTD: OCI_LAYER_ZSTD,
}
_ZSTD_LEVEL = 1


@dataclass(frozen=True, slots=True)
class LayerBlob:
    """Where a layer's bytes are."""

    diff_id: Digest
    digest: Digest
    size: int
    media_type: str
    plain_size: int


def write_layer(
    content: ContentStore, stream: BinaryIO, expected: Digest | None = None
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
        blob = writer.commit()
    media_type = MEDIA_TYPES[compression]
    return LayerBlob(diff_id, blob.digest, blob.size, media_type, plain_size)


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
    total, size = hashlib.sha256(), 0
    packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
    while chunk := plain.read(CHUNK_BYTES):
        total.update(chunk)
        size += len(chunk)
        writer.write(packer.compress(chunk))
    writer.write(packer.flush())
    return Digest("sha256:" + total.hexdigest()), size


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
