"""Being told when a file changes (inotify(7)): how a log is followed unpolled."""

import enum
import os
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from labkit.kernel import libc

_HEADER = struct.Struct("iIII")  # struct inotify_event: wd, mask, cookie, len
_READ_BYTES = 1 << 16


class WatchFlag(enum.IntFlag):
    """Which events are wanted, and which came."""

    MODIFY = 0x2
    CLOSE_WRITE = 0x8
    MOVED_FROM = 0x40
    MOVED_TO = 0x80
    CREATE = 0x100
    DELETE = 0x200
    DELETE_SELF = 0x400
    MOVE_SELF = 0x800
    OVERFLOW = 0x4000  # events were lost: look at everything again
    IGNORED = 0x8000


@dataclass(frozen=True, slots=True)
class WatchEvent:
    watch: int
    flags: WatchFlag
    name: str  # within a watched folder, else empty


class Inotify:
    """A queue of events; ``fileno`` becomes readable when there are any."""

    def __init__(self) -> None:
        self._fd = libc.inotify_init(os.O_NONBLOCK | os.O_CLOEXEC)

    def fileno(self) -> int:
        return self._fd

    def add(self, path: str, flags: WatchFlag) -> int:
        return libc.inotify_add_watch(self._fd, path, flags)

    def remove(self, watch: int) -> None:
        libc.inotify_remove_watch(self._fd, watch)

    def read(self) -> tuple[WatchEvent, ...]:
        """Return what has come so far, perhaps nothing."""
        try:
            return parse_events(os.read(self._fd, _READ_BYTES))
        except BlockingIOError:
            return ()

    def close(self) -> None:
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def parse_events(data: bytes) -> tuple[WatchEvent, ...]:
    """Cut what read(2) gave into events; names are padded with NULs."""
    events = []
    offset = 0
    while offset < len(data):
        watch, mask, _, length = _HEADER.unpack_from(data, offset)
        offset += _HEADER.size
        name = os.fsdecode(data[offset : offset + length].rstrip(b"\0"))
        events.append(WatchEvent(watch, WatchFlag(mask), name))
        offset += length
    return tuple(events)
