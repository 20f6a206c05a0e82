"""Tar headers, for the packers."""

import tarfile
from collections.abc import Iterator


def head(info: tarfile.TarInfo) -> bytes:
    """Return the header of an entry."""
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def padding(size: int) -> bytes:
    """Return what fills a file up to whole blocks."""
    return b"\0" * (-size % tarfile.BLOCKSIZE)


def one_file(name: str, data: bytes) -> Iterator[bytes]:
    """Yield a file with these bytes; the archive's end isn't said."""
    info = tarfile.TarInfo(name)
    info.mode = 0o600
    info.size = len(data)
    yield head(info) + data + padding(len(data))
