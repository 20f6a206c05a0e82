"""Compressed streams, told apart by their first bytes as Docker does.

A layer or an archive may come plain or as gzip, zstd, bzip2 or xz; its name and its
media type are hearsay, the magic number decides (moby, ``pkg/archive``).
"""

import bz2
import enum
import gzip
import importlib
import io
import lzma
import zlib
from typing import Any, BinaryIO, cast

from labkit.base.errors import InvalidInputError


class Compression(enum.Enum):
    """How a stream is packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"
    BZIP2 = "bzip2"
    XZ = "xz"


MAGIC = {
    b"\x1f\x8b\x08": Compression.GZIP,
    b"\x28\xb5\x2f\xfd": Compression.ZSTD,
    b"BZh": Compression.BZIP2,
    b"\xfd7zXZ\x00": Compression.XZ,
}
_HEAD_BYTES = 6
_PIECE_BYTES = 4096
# Data that grows a thousandfold is an attack: real files give 3 to 30, gzip's utmost
# is 1032. Small streams may be all zeros and are let through.
_BOMB_RATIO = 1000
_BOMB_FLOOR_BYTES = 256 << 20


class _ZstdDamageError(Exception):
    """A zstd stream that can't be read, in its reader's words."""


_DECODER_ERRORS: tuple[type[Exception], ...] = (
    zlib.error,
    gzip.BadGzipFile,
    lzma.LZMAError,
    _ZstdDamageError,
    EOFError,
    OSError,  # bz2's word for damaged data; told from a real one by its empty errno
)


class Unpacked(io.RawIOBase):
    """The plain bytes of a stream, whatever its compression; read once, forward."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        head = _read_exactly(stream, _HEAD_BYTES)
        self.compression = detect_compression(head)
        self._packed = _Replayed(head, stream)
        self._plain = _open(self.compression, cast(BinaryIO, self._packed))
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes.

        Raises:
            InvalidInputError: the stream is damaged, ends too early or is a bomb.
        """
        try:
            data = self._plain.read(size)
        except _DECODER_ERRORS as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise InvalidInputError(
                f"cannot read {self.compression.value} data: {error}"
            ) from error
        self._size += len(data)
        if self._size > max(_BOMB_FLOOR_BYTES, _BOMB_RATIO * self._packed.size):
            raise InvalidInputError(
                f"refused to unpack {self.compression.value} data: "
                f"{self._packed.size} bytes grow to more than {self._size}"
            )
        return data


def import_zstd() -> Any:
    """Import zstd's library, which our small processes start without.

    Who leaves the machine's files behind must have done so before.
    """
    return importlib.import_module("zstandard")


def detect_compression(head: bytes) -> Compression:
    """Tell the compression from a stream's first bytes."""
    for magic, compression in MAGIC.items():
        if head.startswith(magic):
            return compression
    return Compression.NONE


def _open(compression: Compression, stream: BinaryIO) -> BinaryIO:
    match compression:
        case Compression.GZIP:
            return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
        case Compression.ZSTD:
            return cast(BinaryIO, _ZstdReader(stream))
        case Compression.BZIP2:
            return cast(BinaryIO, bz2.BZ2File(stream))
        case Compression.XZ:
            return cast(BinaryIO, lzma.LZMAFile(stream))
        case Compression.NONE:
            return stream


class _ZstdReader(io.RawIOBase):
    """zstd, frame after frame.

    The package's own ``stream_reader`` takes a stream that was cut for one that ends.
    Small pieces are fed, since one may unpack to thirty thousand times its size.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._zstandard = import_zstd()
        self._decoder = self._zstandard.ZstdDecompressor().decompressobj()
        self._fed = 0
        self._plain = bytearray()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = size if size is not None and size >= 0 else None
        while wanted is None or len(self._plain) < wanted:
            if not (piece := self._stream.read(_PIECE_BYTES)):
                if self._fed and not self._decoder.eof:
                    raise EOFError("the stream ends within a frame")
                break
            self._feed(piece)
        data = bytes(self._plain[:wanted])
        del self._plain[:wanted]
        return data

    def _feed(self, piece: bytes) -> None:
        while piece:
            if self._decoder.eof:
                self._decoder = self._zstandard.ZstdDecompressor().decompressobj()
            try:
                self._plain += self._decoder.decompress(piece)
            except self._zstandard.ZstdError as error:
                raise _ZstdDamageError(str(error)) from error
            self._fed += len(piece)
            piece = self._decoder.unused_data if self._decoder.eof else b""


class _Replayed(io.RawIOBase):
    """A stream with the bytes that were peeked at put back in front."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._head = head
        self._stream = stream
        self.size = len(head)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0:
            head, self._head = self._head, b""
            return head + self._count(self._stream.read())
        if not self._head:
            return self._count(self._stream.read(size))
        head, self._head = self._head[:size], self._head[size:]
        return head

    def _count(self, data: bytes) -> bytes:
        self.size += len(data)
        return data


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes, fewer only at the end: pipes give what they have."""
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
