"""One lock per name, made on demand and gone when nobody holds or awaits it."""

import asyncio
from weakref import WeakValueDictionary


class Locks:
    """``async with locks.of(container_id):`` serialises the verbs on one thing."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, name: str) -> asyncio.Lock:
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        return lock

    def __len__(self) -> int:
        return len(self._locks)
