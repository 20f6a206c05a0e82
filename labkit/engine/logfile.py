"""Reading a container's log: JSON lines in a file that grows and is rotated.

The shim writes one line a line of output,

    {"log":"hello\\n","stream":"stdout","time":"2026-01-02T03:04:05.6Z"}

and when the file is full it renames: ``x.log`` to ``x.log.1``, ``.1`` to ``.2`` and so
on. The oldest lines are in the highest number; what ends in ``.gz`` is packed. A killed
machine may leave half a last line: it is left out.

A log may be larger than memory. So it is read in pieces; its last lines are looked for
from the end.
"""

import gzip
import json
import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from labkit.base.errors import InternalError

_PACKED = ".gz"
_PIECE_BYTES = 1 << 18
_PIECE_LINES = 1000
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of output as the container wrote it, the line end included.

    ``attributes`` are there if the log options ``labels`` or ``env`` asked for them.
    """

    stream: str  # stdout or stderr
    time_ns: int
    data: bytes
    attributes: dict[str, str] = field(default_factory=dict)


def parse_line(line: bytes) -> LogEntry | None:
    """Read one line of the file; None if it is damaged."""
    try:
        row = json.loads(line)
        text, stream, time = row["log"], row["stream"], row["time"]
        data = text.encode(errors="surrogateescape")
        return LogEntry(stream, parse_time(time), data, row.get("attrs", {}))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def parse_time(text: str) -> int:
    """Read RFC3339Nano in UTC; datetime alone would drop the last three digits."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"invalid time {text!r}")
    return _seconds(match[1]) * 1_000_000_000 + int((match[2] or "").ljust(9, "0"))


@lru_cache(maxsize=4)  # of one second there are many lines, one after another
def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text + "+00:00").timestamp())


def log_files(path: Path) -> list[Path]:
    """Return the files of a log, oldest first.

    While one is being packed it is there twice, and the plain one counts.
    """
    numbered: dict[int, Path] = {}
    for rotated in sorted(path.parent.glob(f"{path.name}.*"), reverse=True):
        suffix = rotated.name.removeprefix(f"{path.name}.").removesuffix(_PACKED)
        if suffix.isdecimal():
            numbered[int(suffix)] = rotated  # x.log.1 comes after x.log.1.gz
    older = [file for _, file in sorted(numbered.items(), reverse=True)]
    return [*older, path]


class LogReader:
    """Reads on through the newest file, and into the next one after a rotation."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._rest = b""

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def read_history(self, tail: int | None) -> Iterator[list[LogEntry]]:
        """Yield what is there, or its last lines, in pieces; stand at the end."""
        older = log_files(self._path)[:-1]
        if self._open():
            assert self._file is not None
            inode = os.fstat(self._file.fileno()).st_ino
            older = [path for path in older if not _is_inode(path, inode)]
            if tail is not None:
                tail -= _seek_tail(self._file, tail)
        for lines in _old_lines(older, tail):
            yield from _parsed(lines)
        yield from self._drain()

    def read_new(self) -> Iterator[list[LogEntry]]:
        """Yield what was written since the last call, in pieces."""
        if self._file is None and not self._open():
            return
        yield from self._drain()
        if self._was_rotated():
            # The old file may have got lines between the last read and its renaming.
            yield from self._drain()
            self.close()
            self._rest = b""
            if self._open():
                yield from self._drain()

    def _drain(self) -> Iterator[list[LogEntry]]:
        """Read to where the file ends now: one who writes on is not run after."""
        if self._file is None:
            return
        end = os.fstat(self._file.fileno()).st_size
        while (left := end - self._file.tell()) > 0:
            data = self._rest + self._file.read(min(left, _PIECE_BYTES))
            *lines, self._rest = data.split(b"\n")
            yield _entries(lines)

    def _open(self) -> bool:
        try:
            self._file = self._path.open("rb")
        except FileNotFoundError:
            return False
        except OSError as error:
            raise InternalError(f"cannot read log {self._path}: {error}") from error
        return True

    def _was_rotated(self) -> bool:
        assert self._file is not None
        try:
            now = self._path.stat()
        except FileNotFoundError:
            return False
        return now.st_ino != os.fstat(self._file.fileno()).st_ino


def _is_inode(path: Path, inode: int) -> bool:
    try:
        return path.stat().st_ino == inode
    except FileNotFoundError:
        return False


def _seek_tail(file: BinaryIO, count: int) -> int:
    """Go to where the last lines begin; return how many, at most ``count``."""
    place = file.seek(0, os.SEEK_END)
    wanted = count + 1  # line ends, the one before the first line included
    while place > 0 and wanted > 0:
        begin = max(0, place - _PIECE_BYTES)
        file.seek(begin)
        piece = file.read(place - begin)
        at = len(piece)
        while wanted > 0 and (at := piece.rfind(b"\n", 0, at)) >= 0:
            wanted -= 1
        place = begin
    if wanted:
        file.seek(0)
        return max(0, count + 1 - wanted)
    file.seek(place + at + 1)
    return count


def _old_lines(paths: list[Path], tail: int | None) -> Iterator[Iterator[bytes]]:
    """Yield the lines of rotated files, oldest first, or the last of them all."""
    if tail is None:
        yield from map(_lines, paths)
        return
    kept: list[deque[bytes]] = []
    for path in reversed(paths):
        if tail <= 0:
            break
        kept.append(deque(_lines(path), maxlen=tail))
        tail -= len(kept[-1])
    yield from (iter(lines) for lines in reversed(kept))


def _lines(path: Path) -> Iterator[bytes]:
    """Yield what a rotated file holds; it may get packed, or be gone, meanwhile."""
    try:
        if path.suffix == _PACKED:
            with gzip.open(path) as packed:
                yield from packed
        else:
            with path.open("rb") as plain:
                yield from plain
    except FileNotFoundError:
        if path.suffix != _PACKED:
            yield from _lines(path.with_name(path.name + _PACKED))
    except (EOFError, gzip.BadGzipFile):
        return  # the machine was killed while it was packed


def _parsed(lines: Iterator[bytes]) -> Iterator[list[LogEntry]]:
    while piece := list(islice(lines, _PIECE_LINES)):
        yield _entries(piece)


def _entries(lines: list[bytes]) -> list[LogEntry]:
    return [entry for entry in map(parse_line, lines) if entry is not None]
