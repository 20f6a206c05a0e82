"""gzip that spends no time on what can't become smaller.

Most of zlib's time goes into bytes that are packed already, as half of what is in many
images is. A sample tells them; such a piece is *stored* (RFC 1951, 3.2.4), which is a
copy. Pieces are packed each for itself and end on a whole byte (``Z_FULL_FLUSH``), so
that they make one stream: a single member, which every gzip reads. The same bytes give
the same stream however they come.
"""

import struct
import zlib

import zstandard

PIECE_BYTES = 256 << 10
_SAMPLES, _SAMPLE_BYTES = 4, 4 << 10
_WORTH = 0.97  # a sample that stays larger is not worth the time
_LEVEL = 1  # twice as fast as the usual 6, and a tenth larger
_RAW = -15  # no header of zlib's own, the largest window
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no name, no date, any system
_LAST_BLOCK = b"\x03\x00"


class GzipPacker:
    """Packs one stream: ``compress`` as often as need be, then ``flush``."""

    def __init__(self) -> None:
        self._judge = zstandard.ZstdCompressor(level=1)
        self._waiting = bytearray()
        self._crc = 0
        self._size = 0
        self._begun = False

    def compress(self, data: bytes) -> bytes:
        """Take bytes in; return what is ready to go out."""
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._waiting += data
        whole = len(self._waiting) // PIECE_BYTES * PIECE_BYTES
        if not whole:
            return b""
        with memoryview(self._waiting) as view:
            packed = b"".join(
                self._pack(bytes(view[at : at + PIECE_BYTES]))
                for at in range(0, whole, PIECE_BYTES)
            )
        del self._waiting[:whole]
        return self._head() + packed

    def flush(self) -> bytes:
        """Return the rest."""
        rest = self._pack(bytes(self._waiting)) if self._waiting else b""
        self._waiting.clear()
        tail = struct.pack("<II", self._crc, self._size & 0xFFFFFFFF)
        return self._head() + rest + _LAST_BLOCK + tail

    def _head(self) -> bytes:
        head = b"" if self._begun else _HEADER
        self._begun = True
        return head

    def _pack(self, piece: bytes) -> bytes:
        level = _LEVEL if self._is_worth_it(piece) else 0
        packer = zlib.compressobj(level, zlib.DEFLATED, _RAW)
        return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)

    def _is_worth_it(self, piece: bytes) -> bool:
        step = max(1, len(piece) // _SAMPLES)
        starts = range(0, len(piece), step)
        sample = b"".join(piece[at : at + _SAMPLE_BYTES] for at in starts)
        return len(self._judge.compress(sample)) < _WORTH * len(sample)
