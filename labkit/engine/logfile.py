"""Reading a container's log: JSON lines in a file that grows and is rotated.

The shim writes one line a line of output,

    {"log":"hello\\n","stream":"stdout","time":"2026-01-02T03:04:05.6Z"}

and when the file is full it renames: ``x.log`` to ``x.log.1``, ``.1`` to ``.2`` and so
on. The oldest lines are in the highest number; what ends in ``.gz`` is packed. A killed
machine may leave half a last line: it is left out.
"""

import gzip
import json
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from labkit.base.errors import InternalError

_PACKED = ".gz"
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
    seconds = int(datetime.fromisoformat(match[1] + "+00:00").timestamp())
    return seconds * 1_000_000_000 + int((match[2] or "").ljust(9, "0"))


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

    def read_history(self, tail: int | None) -> list[LogEntry]:
        """Return what is there, or its last lines; stand at the end."""
        entries: deque[LogEntry] = deque(maxlen=tail)
        *older, _ = log_files(self._path)
        for path in older:
            entries.extend(_old_entries(path))
        entries.extend(self.read_new())
        return list(entries)

    def read_new(self) -> list[LogEntry]:
        """Return what was written since the last call."""
        found: list[LogEntry] = []
        if self._file is None and not self._open():
            return found
        found += self._drain()
        if self._was_rotated():
            # The old file may have got lines between the last read and its renaming.
            found += self._drain()
            self.close()
            self._rest = b""
            if self._open():
                found += self._drain()
        return found

    def _drain(self) -> list[LogEntry]:
        assert self._file is not None
        data = self._rest + self._file.read()
        *lines, self._rest = data.split(b"\n")
        return [entry for entry in map(parse_line, lines) if entry is not None]

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


def _old_entries(path: Path) -> Iterator[LogEntry]:
    """Yield what a rotated file holds; it may get packed, or be gone, meanwhile."""
    try:
        if path.suffix == _PACKED:
            with gzip.open(path) as packed:
                yield from _entries(packed)
        else:
            with path.open("rb") as plain:
                yield from _entries(plain)
    except FileNotFoundError:
        if path.suffix != _PACKED:
            yield from _old_entries(path.with_name(path.name + _PACKED))
    except (EOFError, gzip.BadGzipFile):
        return  # the machine was killed while it was packed


def _entries(file: Iterable[bytes]) -> Iterator[LogEntry]:
    for line in file:
        entry = parse_line(line)
        if entry is not None:
            yield entry
