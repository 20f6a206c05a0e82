"""Reads a tar as a stream, and trusts nothing in it.

A tar is a row of 512-byte blocks: a header, then the file's bytes padded to a whole
block, and so on; two blocks of zeros end it. Three dialects occur in layers, mixed:

- *ustar*: names up to 255 bytes, numbers in octal digits;
- *GNU*: an entry of type ``L`` or ``K`` before the real one holds its long name or link
  name, large numbers are binary, ``S`` is a sparse file with a map of its pieces;
- *PAX*: an entry of type ``x`` holds ``length key=value`` lines for the next one: long
  names, exact times, extended attributes (``SCHILY.xattr.*``), sparse maps.

The standard library's reader stops silently at a damaged header and reads an extended
header of any size into memory; neither is right for a stranger's bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from labkit.base.errors import InvalidInputError
from labkit.snapshots import tar_sparse
from labkit.snapshots.model import Limits

BLOCK = 512
_CHUNK_BYTES = 1 << 18
_ZEROS = bytes(BLOCK)
_XATTR = b"SCHILY.xattr."
_NANOSECONDS = 1_000_000_000

FILE, HARD_LINK, SYMLINK, CHAR, BLOCK_DEVICE, FOLDER, FIFO = "0123456"
_CONTIGUOUS, _SPARSE = "7", "S"
_PAX, _PAX_GLOBAL, _LONG_NAME, _LONG_LINK = "xgLK"
_KNOWN = frozenset({*"0123456", _CONTIGUOUS, _SPARSE})


@dataclass(slots=True)
class Entry:
    """One header. ``size`` is the file's; its bytes come from ``TarReader.pieces``."""

    name: bytes
    type: str
    mode: int = 0
    uid: int = 0
    gid: int = 0
    size: int = 0
    mtime_ns: int = 0
    link_name: bytes = b""
    major: int = 0
    minor: int = 0
    xattrs: dict[str, bytes] = field(default_factory=dict)
    stored_bytes: int = 0
    sparse: tuple[tuple[int, int], ...] | None = None  # offset, length

    @property
    def shown(self) -> str:
        """Return the name as error messages show it."""
        text = self.name.decode(errors="backslashreplace")
        return repr(text if len(text) <= 200 else text[:197] + "...")


class TarReader:
    """Iterate over the entries; read a file's pieces before going on, or skip them."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._buffer = b""
        self._at = 0
        self._left = 0  # bytes of the current entry that were not read
        self._padding = 0
        self._globals: dict[bytes, bytes] = {}
        self.bytes_read = 0

    def __iter__(self) -> Iterator[Entry]:
        extended: dict[bytes, bytes] = {}
        sparse_pairs: list[bytes] = []
        while True:
            self._skip_rest()
            header = self._read(BLOCK)
            if not header or header == _ZEROS:
                if extended:
                    raise InvalidInputError("damaged tar: it ends after a long header")
                self._drain()
                return
            entry = _parse_header(header)
            if entry.type in (_LONG_NAME, _LONG_LINK):
                key = b"path" if entry.type == _LONG_NAME else b"linkpath"
                extended[key] = self._read_extension(entry).split(b"\0")[0]
            elif entry.type in (_PAX, _PAX_GLOBAL):
                pairs = _parse_pax(self._read_extension(entry))
                known = self._globals if entry.type == _PAX_GLOBAL else extended
                known.update(pairs)
                sparse_pairs = tar_sparse.repeated_pairs(pairs)
            else:
                self._begin(entry, header, extended, sparse_pairs)
                yield entry
                extended, sparse_pairs = {}, []

    def pieces(self, entry: Entry) -> Iterator[tuple[int, bytes]]:
        """Yield offsets and bytes; what is between them is a hole."""
        for offset, length in entry.sparse or ((0, entry.size),):
            done = 0
            while done < length:
                chunk = self._take(min(length - done, _CHUNK_BYTES))
                if not chunk:
                    raise InvalidInputError(
                        f"damaged tar: it ends inside {entry.shown}"
                    )
                yield offset + done, chunk
                done += len(chunk)

    def _begin(
        self,
        entry: Entry,
        header: bytes,
        extended: dict[bytes, bytes],
        sparse_pairs: list[bytes],
    ) -> None:
        if entry.type not in _KNOWN:
            raise InvalidInputError(f"unknown tar entry type {entry.type!r}")
        known = {**self._globals, **extended}
        if known:
            _apply_pax(entry, known)
        has_data = entry.type in (FILE, _CONTIGUOUS, _SPARSE)
        # POSIX allows a size on other types and says to ignore it, but for links
        # written by old programs no data follows either.
        entry.stored_bytes = entry.size if has_data else 0
        self._left = entry.stored_bytes
        self._padding = -entry.stored_bytes % BLOCK
        if entry.type == _SPARSE:
            entry.sparse, entry.size = tar_sparse.read_gnu(header, self._must_read)
        elif has_data and any(key.startswith(b"GNU.sparse.") for key in known):
            self._begin_pax_sparse(entry, known, sparse_pairs)
        if has_data:
            entry.type = FILE
        if entry.sparse is not None:
            tar_sparse.check(entry.sparse, entry.size, self._left, entry.shown)

    def _begin_pax_sparse(
        self, entry: Entry, known: dict[bytes, bytes], pairs: list[bytes]
    ) -> None:
        entry.sparse = tar_sparse.read_pax(known, pairs, self._take_exactly)
        if b"GNU.sparse.name" in known:
            entry.name = known[b"GNU.sparse.name"]
        size = known.get(b"GNU.sparse.realsize", known.get(b"GNU.sparse.size"))
        if size is not None:
            entry.size = tar_sparse.number(size)

    def _read_extension(self, entry: Entry) -> bytes:
        if entry.size > self._limits.header_bytes:
            raise InvalidInputError(
                f"extended tar header of {entry.size} bytes is larger than "
                f"{self._limits.header_bytes}"
            )
        data = self._must_read(entry.size)
        self._must_read(-entry.size % BLOCK)
        return data

    def _skip_rest(self) -> None:
        while self._left:
            if not self._take(min(self._left, _CHUNK_BYTES)):
                raise InvalidInputError("damaged tar: it ends inside an entry")
        # Go's reader lets the last padding be missing, and docker build -f - relies on
        # that: the archive that it sends ends with the last file's last byte.
        self._read(self._padding)
        self._padding = 0

    def _take(self, count: int) -> bytes:
        """Read from the current entry's data: as much as is at hand, at most count."""
        count = min(count, self._left)
        if self._at == len(self._buffer):
            self._fill()
        chunk = self._buffer[self._at : self._at + count]
        self._at += len(chunk)
        self._left -= len(chunk)
        return chunk

    def _take_exactly(self, count: int) -> bytes:
        if count > self._left:
            raise InvalidInputError(
                "damaged tar: a sparse map is longer than its entry"
            )
        self._left -= count
        return self._must_read(count)

    def _must_read(self, count: int) -> bytes:
        data = self._read(count)
        if len(data) != count:
            raise InvalidInputError("damaged tar: it ends inside an entry")
        return data

    def _read(self, count: int) -> bytes:
        """Read exactly ``count`` bytes, none at the end of the stream."""
        if len(self._buffer) - self._at >= count:
            self._at += count
            return self._buffer[self._at - count : self._at]
        parts = []
        missing = count
        while missing:
            if self._at == len(self._buffer) and not self._fill():
                break
            part = self._buffer[self._at : self._at + missing]
            self._at += len(part)
            missing -= len(part)
            parts.append(part)
        data = b"".join(parts)
        if data and len(data) < count:
            raise InvalidInputError("damaged tar: it ends inside a block")
        return data

    def _fill(self) -> bool:
        self._buffer = self._stream.read(_CHUNK_BYTES)
        self._at = 0
        self.bytes_read += len(self._buffer)
        return bool(self._buffer)

    def _drain(self) -> None:
        # Whoever checks the stream's digest needs all of it read, padding included.
        while self._fill():
            pass
        self._at = len(self._buffer)


def _parse_header(header: bytes) -> Entry:
    claimed = _number(header[148:156])
    # The sum is taken with spaces in place of itself; some old programs add up
    # signed bytes.
    rest = header[:148] + b" " * 8 + header[156:]
    total = sum(rest)
    if claimed != total and claimed != total - 256 * sum(b > 127 for b in rest):
        raise InvalidInputError("damaged tar: a header's checksum is wrong")
    kind = chr(header[156])
    name = header[:100].split(b"\0", 1)[0]
    if header[257:263] == b"ustar\0" and (prefix := header[345:500].split(b"\0", 1)[0]):
        name = prefix + b"/" + name
    if kind == "\0":  # before POSIX a folder was a file whose name ends in a slash
        kind = FOLDER if name.endswith(b"/") else FILE
    return Entry(
        name=name,
        type=kind,
        mode=_number(header[100:108]) & 0o7777,
        uid=_number(header[108:116]),
        gid=_number(header[116:124]),
        size=_natural(_number(header[124:136]), "size"),
        mtime_ns=_number(header[136:148]) * _NANOSECONDS,
        link_name=header[157:257].split(b"\0", 1)[0],
        major=_number(header[329:337]) if kind in "34" else 0,
        minor=_number(header[337:345]) if kind in "34" else 0,
    )


def _number(field_bytes: bytes) -> int:
    """Read octal digits, or GNU's binary: a first byte of 0x80 or 0xff says so."""
    if field_bytes[0] in (0x80, 0xFF):
        value = int.from_bytes(field_bytes[1:], "big")
        if field_bytes[0] == 0xFF:
            value -= 1 << 8 * (len(field_bytes) - 1)
        return value
    digits = field_bytes.split(b"\0", 1)[0].strip()
    try:
        return int(digits, 8) if digits else 0
    except ValueError as error:
        raise InvalidInputError(
            f"damaged tar: {digits!r} is not an octal number"
        ) from error


def _natural(value: int, what: str) -> int:
    if value < 0:
        raise InvalidInputError(f"damaged tar: {what} {value} is negative")
    return value


def _parse_pax(data: bytes) -> list[tuple[bytes, bytes]]:
    """Split ``25 ctime=1084839148.1212\\n`` lines; values may hold any byte."""
    pairs = []
    at = 0
    while at < len(data) and data[at] != 0:
        space = data.find(b" ", at, at + 20)
        digits = data[at:space] if space > 0 else b""
        length = int(digits) if digits.isdigit() else 0
        line = data[at : at + length]
        key, equals, value = line[len(digits) + 1 : -1].partition(b"=")
        if len(line) != length or line[-1:] != b"\n" or not equals:
            raise InvalidInputError("damaged tar: cannot read an extended header")
        pairs.append((key, value))
        at += length
    return pairs


def _apply_pax(entry: Entry, known: dict[bytes, bytes]) -> None:
    for key, value in known.items():
        if key.startswith(_XATTR):
            name = key[len(_XATTR) :].decode(errors="surrogateescape")
            entry.xattrs[name] = value
        elif key == b"path":
            entry.name = value
        elif key == b"linkpath":
            entry.link_name = value
        elif key == b"mtime":
            entry.mtime_ns = _parse_time(value)
        elif key in (b"size", b"uid", b"gid"):
            number = tar_sparse.number(value)
            setattr(entry, key.decode(), number)


def _parse_time(value: bytes) -> int:
    """Read ``1700000000.123456789`` without going through a float."""
    whole, _, fraction = value.partition(b".")
    sign = -1 if whole.startswith(b"-") else 1
    digits = whole.lstrip(b"-")
    if not digits.isdigit() or (fraction and not fraction.isdigit()):
        raise InvalidInputError(f"damaged tar: {value!r} is not a time")
    nanoseconds = int(fraction[:9].ljust(9, b"0")) if fraction else 0
    return sign * (int(digits) * _NANOSECONDS + nanoseconds)
