"""The store's second copy: every change once more, as lines of text.

A database is one file in which everything hangs together: a damaged page can take all
records along. So every transaction is written a second time, behind the first one, to
a file in which each line stands for itself:

    9f86d081 42 [["containers", "3f2a...", "{...}"], ["volumes", "old", null]]
    |        |  table, key, document; null for one that was removed
    |        number of the transaction
    checksum of the rest of the line

It is read only when the database can't be, or lacks what it told clients of: then it
gives all back. The database is always written first and durably (``base/database.py``),
so it is never behind unless something happened to it; this file costs no fsync. At each
start, and when it has grown, it is written anew as one line with all that there is.
"""

import json
import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LEAST_BYTES = 4 << 20
"""A smaller file is not worth writing anew."""
_GROWTH = 4

Change = tuple[str, str, str | None]  # table, key, document or None to delete
Documents = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a second copy holds; transaction 0 is an empty store."""

    transaction: int
    documents: Mapping[tuple[str, str], str]


class SecondCopy:
    """One file; used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._anew_bytes = 0
        self._bytes = 0

    @property
    def path(self) -> Path:
        return self._path

    @property
    def is_overgrown(self) -> bool:
        return self._bytes > max(LEAST_BYTES, _GROWTH * self._anew_bytes)

    def last_transaction(self) -> int:
        """Return the number of the last whole line; 0 if there is none."""
        for line in reversed(self._lines()):
            if (entry := _read_line(line)) is not None:
                return entry[0]
        return 0

    def read(self) -> Kept:
        """Replay all lines that are whole: half a line or a damaged one is left out."""
        transaction, documents = 0, Documents()
        for line in self._lines():
            entry = _read_line(line)
            if entry is None:
                continue
            transaction = entry[0]
            for table, key, document in json.loads(entry[1]):
                if document is None:
                    documents.pop((table, key), None)
                else:
                    documents[table, key] = document
        return Kept(transaction, documents)

    def append(self, transaction: int, changes: Sequence[Change]) -> None:
        line = _to_line(transaction, changes)
        with self._path.open("ab", buffering=0) as file:
            file.write(line)
        self._bytes += len(line)

    def write_anew(self, transaction: int, changes: Sequence[Change]) -> None:
        """Replace the file by one line that says all."""
        line = _to_line(transaction, changes)
        draft = self._path.with_name(f".{self._path.name}.tmp")
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(line)
        draft.rename(self._path)
        self._bytes = self._anew_bytes = len(line)

    def give_up(self) -> None:
        """Have the file written anew by the next change."""
        self._bytes = sys.maxsize

    def _lines(self) -> list[bytes]:
        try:
            return self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []


def _to_line(transaction: int, changes: Sequence[Change]) -> bytes:
    said = f"{transaction} {json.dumps(changes, separators=(',', ':'))}".encode()
    return b"%08x %s\n" % (zlib.crc32(said), said)


def _read_line(line: bytes) -> tuple[int, bytes] | None:
    checksum, _, said = line.partition(b" ")
    if len(checksum) != 8 or checksum != b"%08x" % zlib.crc32(said):
        return None
    transaction, _, changes = said.partition(b" ")
    return int(transaction), changes
