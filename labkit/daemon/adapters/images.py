"""Image store and snapshots for the engine and the API: calls on worker threads."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from pathlib import Path
from typing import BinaryIO

from labkit.base.digest import Digest
from labkit.base.reference import Reference
from labkit.images.model import HistoryLine, Image, LoadEvent
from labkit.images.store import ImageStore
from labkit.snapshots.model import Change, OverlayDirs, Snapshots
from labkit.spec.image import ImageConfig


class AsyncImages:
    """Satisfies ``engine.ports.ImagesPort``."""

    def __init__(self, store: ImageStore) -> None:
        self._store = store

    async def resolve(self, ref: str) -> Image:
        return await asyncio.to_thread(self._store.resolve, ref)

    async def list(self) -> tuple[Image, ...]:
        return await asyncio.to_thread(self._store.list)

    async def tag(self, image: Image, reference: Reference) -> None:
        await asyncio.to_thread(self._store.tag, image, reference)

    async def untag(self, reference: Reference) -> None:
        await asyncio.to_thread(self._store.untag, reference)

    async def remove(
        self, image_id: Digest, in_use: Collection[Digest]
    ) -> tuple[Digest, ...]:
        return await asyncio.to_thread(self._store.remove, image_id, in_use)

    async def collect(self, in_use: Collection[Digest]) -> tuple[Digest, ...]:
        return await asyncio.to_thread(self._store.collect, in_use)

    async def derive(
        self,
        tar: BinaryIO,
        describe: Callable[[Digest], ImageConfig],
        base: Image | None,
        names: Sequence[Reference],
    ) -> Image:
        return await asyncio.to_thread(self._store.derive, tar, describe, base, names)

    async def chain_ids(self, image: Image) -> tuple[Digest, ...]:
        return await asyncio.to_thread(self._store.chain_ids, image)

    async def layer_sizes(self, image: Image) -> tuple[int, ...]:
        return await asyncio.to_thread(self._store.layer_sizes, image)

    async def history(self, image: Image) -> tuple[HistoryLine, ...]:
        return await asyncio.to_thread(self._store.history, image)

    async def load(self, archive: BinaryIO) -> AsyncIterator[LoadEvent]:
        """Walk the store's iterator, each step on a worker thread."""
        steps = iter(self._store.load(archive))
        while (event := await asyncio.to_thread(next, steps, None)) is not None:
            yield event

    async def save(self, names: tuple[str, ...], out: BinaryIO) -> None:
        await asyncio.to_thread(self._store.save, names, out)


class AsyncSnapshots:
    """Satisfies ``engine.ports.SnapshotsPort``."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots

    async def prepare(self, folder: Path, chain_ids: tuple[Digest, ...]) -> OverlayDirs:
        return await asyncio.to_thread(self._snapshots.prepare, folder, chain_ids)

    async def discard(self, folder: Path) -> None:
        await asyncio.to_thread(self._snapshots.discard, folder)

    async def usage(self, dirs: OverlayDirs) -> int:
        return await asyncio.to_thread(self._snapshots.usage, dirs)

    async def changes(self, dirs: OverlayDirs) -> tuple[Change, ...]:
        return await asyncio.to_thread(lambda: tuple(self._snapshots.changes(dirs)))

    async def diff(self, dirs: OverlayDirs, out: BinaryIO) -> None:
        await asyncio.to_thread(self._snapshots.diff, dirs, out)
