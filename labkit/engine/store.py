"""The engine's memory: containers, networks and volumes, in RAM and on the disk.

Reads come from dictionaries and cost nothing. A change is visible at once, and its
``save`` returns when it is durable: only then does a verb tell its client.

Durability is one fsync a commit, milliseconds on a slow disk, so commits are *grouped*
as in any database: while one transaction is being written on a worker thread, further
changes queue up, and all of them go into the next one. Fifty containers that start at
the same time share a few commits.

Records are stored as JSON documents by ``base/codec``: a field that a newer labkit adds
is simply absent, with its default, in what an older one wrote.
"""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from labkit.base.codec import decode, encode, same_name
from labkit.base.errors import InternalError
from labkit.engine.index import Index
from labkit.engine.messages import no_such_container, no_such_network, no_such_volume
from labkit.engine.model import Container, NetworkRecord, Volume
from labkit.engine.second_copy import Change
from labkit.engine.store_file import StoreFile, open_store_file

T = TypeVar("T")
Record = Container | NetworkRecord | Volume


class Store:
    """What the engine knows. Open it with ``Store.open``, close it at the end."""

    def __init__(self, file: StoreFile) -> None:
        self._journal = _Journal(file)
        self.file = file
        self._containers: Index[Container] = Index(no_such_container)
        self._networks: Index[NetworkRecord] = Index(no_such_network)
        self._volumes: Index[Volume] = Index(no_such_volume)
        self._load()

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open a store, put right where it was damaged.

        Raises:
            DamagedError: it can't be put right.
        """
        return cls(open_store_file(path))

    @property
    def is_new(self) -> bool:
        """Say whether nobody ever saved anything."""
        return self.file.is_new and not self.containers()

    def find_container(self, ref: str) -> Container:
        """Return a container by id, name (with or without slash) or id prefix."""
        return self._containers.find(ref.removeprefix("/") or ref)

    def container(self, container_id: str) -> Container | None:
        return self._containers.get(container_id)

    def container_named(self, name: str) -> Container | None:
        return self._containers.named(name)

    def containers(self) -> tuple[Container, ...]:
        return self._containers.all()

    def find_network(self, ref: str) -> NetworkRecord:
        """Return a network by id, name or id prefix."""
        return self._networks.find(ref)

    def network(self, network_id: str) -> NetworkRecord | None:
        return self._networks.get(network_id)

    def network_named(self, name: str) -> NetworkRecord | None:
        return self._networks.named(name)

    def networks(self) -> tuple[NetworkRecord, ...]:
        return self._networks.all()

    def find_volume(self, name: str) -> Volume:
        return self._volumes.find_exactly(name)

    def volume(self, name: str) -> Volume | None:
        return self._volumes.get(name)

    def volumes(self) -> tuple[Volume, ...]:
        return self._volumes.all()

    def show(self, record: Record) -> None:
        """Let readers see a change that is not worth a commit of its own."""
        self._remember(record)

    async def save(self, *records: Record) -> None:
        """Make records the known ones; return when they are durable, all or none.

        What is new and could not be written is forgotten again. What was known stays
        as it is shown now: a container that ended has ended, whatever the disk says.
        """
        changes = []
        new = [record for record in records if not self._knows(record)]
        for record in records:
            table, key = self._remember(record)
            document = json.dumps(encode(record, same_name), separators=(",", ":"))
            changes.append((table, key, document))
        try:
            await self._journal.commit(changes)
        except InternalError:
            for record in new:
                self._forget(record)
            raise

    async def remove(self, *records: Record) -> None:
        """Forget records; return when that is durable."""
        await self._journal.commit([(*self._forget(item), None) for item in records])

    async def close(self) -> None:
        await self._journal.drained()
        self.file.close()

    def _remember(self, record: Record) -> tuple[str, str]:
        index, table, key = self._place(record)
        named = record.network if isinstance(record, NetworkRecord) else record
        index.put(key, named.name, record)
        return table, key

    def _knows(self, record: Record) -> bool:
        index, _, key = self._place(record)
        return index.get(key) is not None

    def _forget(self, record: Record) -> tuple[str, str]:
        index, table, key = self._place(record)
        index.remove(key)
        return table, key

    def _place(self, record: Record) -> tuple[Index[Any], str, str]:
        """Return where a record is kept: the index, the table, and the key in both."""
        if isinstance(record, Container):
            return self._containers, "containers", record.id
        if isinstance(record, NetworkRecord):
            return self._networks, "networks", record.network.id
        return self._volumes, "volumes", record.name

    def _load(self) -> None:
        for container in self._read("containers", Container):
            self._remember(container)
        for network in self._read("networks", NetworkRecord):
            self._remember(network)
        for volume in self._read("volumes", Volume):
            self._remember(volume)

    def _read(self, table: str, kind: type[T]) -> Sequence[T]:
        documents = self.file.documents(table)
        return [decode(kind, json.loads(text), same_name) for text in documents]


class _Journal:
    """Group commit: whoever comes while a transaction is written joins the next."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file
        self._queue: list[Change] = []
        self._next: asyncio.Future[None] | None = None
        self._writing = asyncio.Lock()

    async def commit(self, changes: Sequence[Change]) -> None:
        """Return when the changes are on the disk."""
        self._queue.extend(changes)
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        mine = self._next
        # A batch belongs to several verbs: one that is cancelled must neither tear
        # down the others' commit nor give the connection free while it is in use.
        await asyncio.shield(self._flush(mine))

    async def drained(self) -> None:
        """Return when nothing is being written any more, whoever asked for it."""
        if self._next is not None:
            await self._flush(self._next)
        async with self._writing:
            return  # a write that its verb no longer awaits has ended, too

    async def _flush(self, batch: "asyncio.Future[None]") -> None:
        # The first to get the lock writes for all who queued up meanwhile; the others
        # find their batch done.
        async with self._writing:
            if not batch.done():
                await self._write(batch)
        await batch

    async def _write(self, batch: "asyncio.Future[None]") -> None:
        changes, self._queue, self._next = self._queue, [], None
        try:
            await asyncio.to_thread(self._file.write, changes)
        except (sqlite3.Error, OSError) as error:
            failure = InternalError(f"cannot save to the engine's store: {error}")
            failure.__cause__ = error
            batch.set_exception(failure)
        else:
            batch.set_result(None)
