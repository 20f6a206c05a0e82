"""One lock a key, made when somebody asks and dropped when nobody does."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0


class KeyedLocks:
    """Mutual exclusion by key: two layers unpack side by side, one layer once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._entries: dict[Hashable, _Entry] = {}

    @contextmanager
    def hold(self, key: Hashable) -> Iterator[None]:
        with self._guard:
            entry = self._entries.setdefault(key, _Entry())
            entry.waiting += 1
        try:
            with entry.lock:
                yield
        finally:
            with self._guard:
                entry.waiting -= 1
                if entry.waiting == 0:
                    del self._entries[key]
