"""A file tree in memory, and the layer tar that it becomes.

The tar is *deterministic*: entries sorted, one modification time for all, owners as
numbers, no user names, no extended headers. Two runs, two machines, two years: the
same tree gives the same bytes, hence the same digest (reproducible-builds.org).

Paths have no leading slash. The old top folders are links into ``/usr`` in the base
layer (the usr-merge), so what a package ships in ``/lib`` goes to ``usr/lib``: a real
folder there would hide the link in the layers below.
"""

import enum
import fnmatch
import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Self

MTIME = 1_700_000_000
"""The modification time of every file: a fixed moment in November 2023."""

_MERGED = ("bin", "sbin", "lib", "lib64")
_SHARED_FILE_BYTES = 32768


class Kind(enum.Enum):
    """What an entry is, by tar's type flag."""

    FILE = tarfile.REGTYPE
    FOLDER = tarfile.DIRTYPE
    SYMLINK = tarfile.SYMTYPE
    HARDLINK = tarfile.LNKTYPE


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, folder or link."""

    kind: Kind
    mode: int
    data: bytes = b""
    target: str = ""
    uid: int = 0
    gid: int = 0


class Tree:
    """Entries by path; parents are made as needed."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def __getitem__(self, path: str) -> Entry:
        return self._entries[path]

    def items(self) -> Iterator[tuple[str, Entry]]:
        yield from sorted(self._entries.items())

    def add(self, path: str, entry: Entry) -> Self:
        path = path.strip("/")
        parent = ""
        for part in path.split("/")[:-1]:
            parent = f"{parent}/{part}" if parent else part
            self._entries.setdefault(parent, Entry(Kind.FOLDER, 0o755))
        self._entries[path] = entry
        return self

    def file(self, path: str, data: bytes | str, mode: int = 0o644) -> Self:
        content = data.encode() if isinstance(data, str) else data
        return self.add(path, Entry(Kind.FILE, mode, content))

    def folder(self, path: str, mode: int = 0o755, owner: int = 0) -> Self:
        return self.add(path, Entry(Kind.FOLDER, mode, uid=owner, gid=owner))

    def symlink(self, path: str, target: str) -> Self:
        return self.add(path, Entry(Kind.SYMLINK, 0o777, target=target))

    def merge(self, other: "Tree") -> Self:
        """Take all entries of another tree; its files win, folders stay as they are."""
        for path, entry in other.items():
            if entry.kind is not Kind.FOLDER or path not in self._entries:
                self.add(path, entry)
        return self

    def remove(self, unwanted: Callable[[str], bool]) -> Self:
        """Leave out the files that a predicate names, and folders emptied by that."""
        gone = [
            path
            for path, entry in self._entries.items()
            if entry.kind is not Kind.FOLDER and unwanted(path)
        ]
        for path in gone:
            del self._entries[path]
        for folder in {path.rpartition("/")[0] for path in gone}:
            self._prune(folder)
        return self

    def moved(self, old: str, new: str) -> Self:
        """Return what lies at or below a path, at another path."""
        moved = type(self)()
        for path, entry in self._entries.items():
            if not old:
                moved.add(f"{new}/{path}", entry)
            elif path == old or path.startswith(f"{old}/"):
                moved.add(new + path.removeprefix(old), entry)
        return moved

    def chmod(self, path: str, mode: int) -> Self:
        self._entries[path] = replace(self._entries[path], mode=mode)
        return self

    def write(self, out: BinaryIO) -> None:
        """Write the tree as a layer tar."""
        entries = self._linked()
        with tarfile.open(fileobj=out, mode="w|", format=tarfile.GNU_FORMAT) as tar:
            # A hard link comes after what it points at, or it can't be unpacked.
            for path in sorted(
                entries, key=lambda path: (entries[path].kind is Kind.HARDLINK, path)
            ):
                entry = entries[path]
                tar.addfile(_member(path, entry), io.BytesIO(entry.data))

    @classmethod
    def read(cls, stream: BinaryIO) -> Self:
        """Read a layer tar back."""
        tree = cls()
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                entry = Entry(
                    Kind(member.type),
                    member.mode,
                    file.read() if file else b"",
                    member.linkname,
                    member.uid,
                    member.gid,
                )
                tree.add(member.name, entry)
        return tree

    def _prune(self, folder: str) -> None:
        """Remove a folder and those above it while they are empty."""
        while folder and not any(
            path.startswith(f"{folder}/") for path in self._entries
        ):
            self._entries.pop(folder, None)
            folder = folder.rpartition("/")[0]

    def _linked(self) -> dict[str, Entry]:
        """Turn repeats of a large file into hard links: packages ship many."""
        first: dict[tuple[bytes, int, int, int], str] = {}
        entries = dict(self._entries)
        for path, entry in sorted(entries.items()):
            if entry.kind is not Kind.FILE or len(entry.data) < _SHARED_FILE_BYTES:
                continue
            content = hashlib.sha256(entry.data).digest()
            same = first.setdefault((content, entry.mode, entry.uid, entry.gid), path)
            if same != path:
                entries[path] = replace(
                    entry, kind=Kind.HARDLINK, data=b"", target=same
                )
        return entries


def merged_path(path: str) -> str:
    """Return where a package's file goes: ``./lib/x`` to ``usr/lib/x``."""
    path = path.removeprefix("./").strip("/")
    top = path.partition("/")[0]
    return f"usr/{path}" if top in _MERGED else path


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Say whether one of the shell patterns fits; ``*`` crosses slashes."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def _member(path: str, entry: Entry) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.type = entry.kind.value
    member.mode = entry.mode
    member.uid, member.gid = entry.uid, entry.gid
    member.mtime = MTIME
    member.linkname = entry.target
    member.size = len(entry.data)
    return member
