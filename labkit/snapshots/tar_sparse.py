"""Sparse files in tars: where the pieces of data go, in the four dialects of GNU tar.

A map is a row of (offset, length); the file's bytes in the tar are the pieces one after
another, all else is holes. It lies in the old GNU header and blocks after it, or in PAX
keys (``GNU.sparse.offset`` and ``numbytes`` repeated; ``GNU.sparse.map``), or, in
version 1.0, as decimal lines in front of the data itself.
"""

from collections.abc import Callable, Iterable, Sequence

from labkit.base.errors import InvalidInputError

SparseMap = tuple[tuple[int, int], ...]
Reader = Callable[[int], bytes]

_BLOCK = 512
_MOST_PIECES = 1 << 20
_MOST_DIGITS = 20


def read_gnu(header: bytes, read: Reader) -> tuple[SparseMap, int]:
    """Read the map of an ``S`` entry and the file's size."""
    fields = _gnu_pieces(header[386:482])
    has_more = header[482]
    while has_more:
        block = read(_BLOCK)
        fields += _gnu_pieces(block[:504])
        has_more = block[504]
        if len(fields) > _MOST_PIECES:
            raise InvalidInputError(f"sparse map has more than {_MOST_PIECES} pieces")
    return tuple(fields), _gnu_number(header[483:495])


def read_pax(
    known: dict[bytes, bytes], repeated: Sequence[bytes], read: Reader
) -> SparseMap | None:
    """Read the map that PAX keys announce; ``read`` takes from the entry's data."""
    if known.get(b"GNU.sparse.major") == b"1":
        return _read_leading_lines(read)
    if b"GNU.sparse.map" in known:
        return _pair(known[b"GNU.sparse.map"].split(b","))
    if repeated:
        return _pair(repeated)
    return None


def repeated_pairs(pairs: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """Pick the keys of version 0.0, which come once a piece."""
    wanted = (b"GNU.sparse.offset", b"GNU.sparse.numbytes")
    return [value for key, value in pairs if key in wanted]


def check(pieces: SparseMap, size: int, stored: int, shown: str) -> None:
    """Refuse maps that overlap, go backwards, or disagree with the sizes."""
    end = total = 0
    for offset, length in pieces:
        if offset < end:
            raise InvalidInputError(f"damaged tar: sparse map of {shown} overlaps")
        end = offset + length
        total += length
    if end > size or total != stored:
        raise InvalidInputError(f"damaged tar: sparse map of {shown} is too long")


def number(value: bytes) -> int:
    """Read decimal digits."""
    if not value.isdigit() or len(value) > _MOST_DIGITS:
        raise InvalidInputError(f"damaged tar: {value[:40]!r} is not a number")
    return int(value)


def _read_leading_lines(read: Reader) -> SparseMap:
    """Version 1.0: a count, then offsets and lengths, padded to a whole block."""
    text = b""
    lines: list[bytes] = []
    wanted = 1
    while len(lines) < wanted:
        text += read(_BLOCK)
        *done, text = text.split(b"\n")
        lines += done
        if len(text) > _MOST_DIGITS and not text.startswith(b"\0"):
            raise InvalidInputError("damaged tar: cannot read a sparse map")
        if lines and wanted == 1:
            count = number(lines[0])
            if count > _MOST_PIECES:
                raise InvalidInputError(
                    f"sparse map has more than {_MOST_PIECES} pieces"
                )
            wanted = 1 + 2 * count
    return _pair(lines[1:wanted])


def _pair(fields: Sequence[bytes]) -> SparseMap:
    if len(fields) % 2:
        raise InvalidInputError("damaged tar: a sparse map has an odd length")
    values = [number(field) for field in fields]
    return tuple(zip(values[::2], values[1::2], strict=True))


def _gnu_pieces(data: bytes) -> list[tuple[int, int]]:
    pieces = []
    for at in range(0, len(data) - 23, 24):
        if data[at] == 0:
            break
        pieces.append(
            (_gnu_number(data[at : at + 12]), _gnu_number(data[at + 12 : at + 24]))
        )
    return pieces


def _gnu_number(data: bytes) -> int:
    if data[0] == 0x80:
        return int.from_bytes(data[1:], "big")
    digits = data.split(b"\0", 1)[0].strip()
    try:
        value = int(digits, 8) if digits else 0
    except ValueError as error:
        raise InvalidInputError(
            f"damaged tar: {digits!r} is not an octal number"
        ) from error
    if value < 0:
        raise InvalidInputError(f"damaged tar: {value} in a sparse map")
    return value
