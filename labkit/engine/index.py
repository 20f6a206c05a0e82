"""Finding a thing as people name it: full id, name, or the first digits of its id."""

import bisect
from collections.abc import Callable
from typing import Generic, TypeVar

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.engine.messages import ambiguous

T = TypeVar("T")


class Index(Generic[T]):
    """Records by id and by name; ids are kept sorted, so that prefixes are cheap."""

    def __init__(self, missing: Callable[[str], str]) -> None:
        self._missing = missing
        self._records: dict[str, T] = {}
        self._names: dict[str, str] = {}  # record id -> name
        self._ids_by_name: dict[str, str] = {}
        self._sorted: list[str] = []

    def put(self, record_id: str, name: str, record: T) -> None:
        if record_id not in self._records:
            bisect.insort(self._sorted, record_id)
        elif self._names[record_id] != name:
            del self._ids_by_name[self._names[record_id]]
        self._records[record_id] = record
        self._names[record_id] = name
        self._ids_by_name[name] = record_id

    def remove(self, record_id: str) -> None:
        if self._records.pop(record_id, None) is None:
            return
        self._sorted.remove(record_id)
        name = self._names.pop(record_id)
        if self._ids_by_name.get(name) == record_id:
            del self._ids_by_name[name]

    def get(self, record_id: str) -> T | None:
        return self._records.get(record_id)

    def named(self, name: str) -> T | None:
        record_id = self._ids_by_name.get(name)
        return None if record_id is None else self._records[record_id]

    def all(self) -> tuple[T, ...]:
        return tuple(self._records.values())

    def find(self, ref: str) -> T:
        """Return what is meant by a full id, else a name, else a unique prefix.

        Raises:
            NotFoundError: nothing is; the text is Docker's.
            InvalidInputError: several ids begin so.
        """
        record = self._records.get(ref) or self.named(ref)
        if record is not None:
            return record
        matches = self._starting_with(ref)
        if len(matches) > 1:
            raise InvalidInputError(ambiguous(ref))
        if not matches:
            raise NotFoundError(self._missing(ref))
        return self._records[matches[0]]

    def find_exactly(self, name: str) -> T:
        """Return what has this name: volumes have no ids to shorten."""
        record = self._records.get(name)
        if record is None:
            raise NotFoundError(self._missing(name))
        return record

    def _starting_with(self, prefix: str) -> list[str]:
        if not prefix:
            return []
        first = bisect.bisect_left(self._sorted, prefix)
        found = []
        for record_id in self._sorted[first : first + 2]:
            if record_id.startswith(prefix):
                found.append(record_id)
        return found
