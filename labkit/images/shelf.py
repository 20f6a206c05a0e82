"""The layers of all images: each stored once, unpacked once, shared, and swept.

Two things are kept for a layer: its blob (to save or push it again) and the folder it
was unpacked to. Both are noted in the catalog *before* they could be lost: a layer is
recorded without a size, then unpacked, then its size is recorded. A record without a
size, or one that no image refers to, is what a crash has left.

Layers that are *received* are written to the disk all together in the end (``settle``),
and only then noted with their sizes: so an image waits for the disk once.

Operations *hold* the layers that they need, so that a removal at the same moment can't
sweep away what another operation has just found to be there.
"""

import threading
from collections import Counter
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from labkit.base.digest import Digest
from labkit.base.errors import InternalError
from labkit.images.catalog import Catalog, Chain
from labkit.images.content import ContentStore
from labkit.images.layers import (
    UNKNOWN_SIZE,
    LayerBlob,
    open_fresh,
    open_layer,
    pack_layer,
    receive_layer,
    write_layer,
)
from labkit.images.locks import KeyedLocks
from labkit.images.model import BuiltLayer, LayerSource, Snapshots
from labkit.spec.image import Descriptor, ImageConfig

_EMPTY_TAR_BYTES = 1024  # two blocks of zeros


class LayerShelf:
    """Blobs and unpacked layers, kept in step with the catalog."""

    def __init__(self, root: Path, catalog: Catalog, snapshots: Snapshots) -> None:
        self._content = ContentStore(root)
        self._catalog = catalog
        self._snapshots = snapshots
        self._locks = KeyedLocks()
        self._guard = threading.Lock()  # held for a whole sweep, and to hold or let go
        self._held: Counter[Digest] = Counter()
        self._unsettled: dict[Digest, tuple[LayerBlob, Chain]] = {}
        self._unsealed: dict[Digest, int] = {}  # adopted layers and their bytes
        self._writers = 0

    @contextmanager
    def hold(self, digests: Collection[Digest]) -> Iterator[None]:
        """Keep layers (by chain id or diff id) from being swept meanwhile."""
        with self._guard:
            self._held.update(digests)
            self._writers += 1
        try:
            yield
        finally:
            with self._guard:
                self._held.subtract(digests)
                self._held = +self._held  # drops what nobody holds any more
                self._writers -= 1

    @contextmanager
    def write(self, tar: BinaryIO) -> Iterator[LayerBlob]:
        """Store a layer whose diff id is yet to be known, and hold it."""
        with self.hold(()):
            blob = write_layer(self._content, tar)
            with self.hold((blob.diff_id,)):
                self._catalog.add_blob(blob)
                yield blob

    def ensure_blob(self, source: LayerSource) -> LayerBlob:
        """Store a layer unless it is there; the caller holds its diff id."""
        with self._locks.hold(source.diff_id):
            blob = self._catalog.blob(source.diff_id)
            if blob is not None and self._content.has(blob.digest):
                return blob
            with source.open() as stream:
                blob = write_layer(self._content, stream, source.diff_id)
            self._catalog.add_blob(blob)
            return blob

    def has_chain(self, chain_id: Digest) -> bool:
        """Say whether a layer is unpacked, on top of what is below it."""
        known = self._catalog.chain(chain_id)
        is_noted = known is not None and known.bytes is not None
        return is_noted and self._snapshots.has_layer(chain_id)

    def receive(
        self, promised: Descriptor, diff_id: Digest, open_: Callable[[], BinaryIO]
    ) -> LayerBlob:
        """Store a layer that somebody sends, unless it is there.

        The caller holds its diff id; it goes on to ``unpack_received``.
        """
        with self._locks.hold(promised.digest):
            blob = self._catalog.blob(diff_id)
            if blob is not None and self._content.has(blob.digest):
                return blob
            if self._content.has(promised.digest):  # for another pull, just now
                size = self._content.size(promised.digest)
                return LayerBlob(
                    diff_id, promised.digest, size, promised.media_type, UNKNOWN_SIZE
                )
            with open_() as stream:
                return receive_layer(self._content, stream, promised, diff_id)

    def unpack_received(
        self, chain: Chain, blob: LayerBlob, tell: Callable[[int], None]
    ) -> None:
        """Unpack a layer that was received; it may turn out to be another one.

        Raises:
            InvalidInputError: then nothing of it is unpacked or recorded.
        """
        with self._locks.hold(chain.id):
            if self._is_there(chain.id):
                return
            self._clear_the_way(chain)
            with open_fresh(self._content, blob, tell) as tar:
                stream = cast(BinaryIO, tar)
                usage = self._snapshots.add_layer(
                    chain.id, chain.parent, stream, durable=False
                )
                while tar.read():  # to its end, where it is compared
                    pass
            self._unsettled[chain.id] = (
                replace(blob, plain_size=tar.size),
                replace(chain, bytes=usage.bytes),
            )

    def announce(self, chains: Sequence[Chain]) -> None:
        """Note layers that are about to be received, all at once."""
        self._catalog.add_chains(chains)

    def settle(self, chains: Iterable[Chain]) -> None:
        """Make received layers durable, all at once, and record them as complete."""
        todo = [
            self._unsettled[chain.id] for chain in chains if chain.id in self._unsettled
        ]
        if not todo:
            return
        self._snapshots.sync()
        self._content.sync({blob.digest for blob, _ in todo})
        self._catalog.add_layers(todo)
        for _, chain in todo:
            self._unsettled.pop(chain.id, None)

    def ensure_chain(self, chain: Chain) -> None:
        """Unpack a layer unless it is; callers of the same one wait for the first."""
        with self._locks.hold(chain.id):
            self.settle([chain])
            size = self._unsealed.get(chain.id)
            if size is not None:  # the build that made it may still stand on it
                self._seal({chain.id: size})
            if self.has_chain(chain.id):
                return
            self._clear_the_way(chain)
            with self.open_plain(chain.diff_id) as tar:
                usage = self._snapshots.add_layer(chain.id, chain.parent, tar)
            self._catalog.add_chain(replace(chain, bytes=usage.bytes))

    def _is_there(self, chain_id: Digest) -> bool:
        """Say whether a layer is unpacked, be it noted as whole or about to be."""
        pending = chain_id in self._unsettled or chain_id in self._unsealed
        return pending or self.has_chain(chain_id)

    def _clear_the_way(self, chain: Chain) -> None:
        """Note a layer that is about to be unpacked."""
        if self._catalog.chain(chain.id) is None:
            self._catalog.add_chain(chain)
        if self._snapshots.has_layer(chain.id):
            # A crash came between unpacking and noting the size.
            self._snapshots.remove_layer(chain.id)

    def adopt(self, folder: Path, below: Sequence[Digest]) -> BuiltLayer | None:
        """Make a folder the next layer on a stack of diff ids, by renaming it.

        The layer is kept until ``let_go``, and counts as whole after ``seal``. A
        folder without anything in it makes none.
        """
        with self.hold(()):
            blob, usage = pack_layer(
                self._content, lambda out: self._snapshots.pack(folder, out)
            )
            if blob.plain_size == _EMPTY_TAR_BYTES:
                return None
            chain = stack_of((*below, blob.diff_id))[-1]
            self.keep((chain.id,))
            with self._locks.hold(chain.id):
                if self._catalog.blob(blob.diff_id) is None:
                    self._catalog.add_layers([(blob, chain)])
                else:  # that one may have come packed: it is pushed as it came
                    self._catalog.add_chain(chain)
                if not self._is_there(chain.id):
                    self._clear_the_way(chain)
                    self._unsealed[chain.id] = usage.bytes
                self._snapshots.adopt_layer(chain.id, folder, usage)
        return BuiltLayer(blob.diff_id, chain.id, usage.bytes)

    def ensure_stack(self, diff_ids: Sequence[Digest]) -> None:
        """Unpack what is not unpacked of a stack, and keep its top."""
        chains = stack_of(diff_ids)
        self.keep(chain.id for chain in chains[-1:])
        for chain in chains:
            if not self._snapshots.has_layer(chain.id):
                self.ensure_chain(chain)

    def seal(self, layers: Sequence[BuiltLayer]) -> None:
        """Make adopted layers safe from a power cut, all at once."""
        if layers:
            self._seal({layer.chain_id: layer.bytes for layer in layers})

    def _seal(self, sizes: Mapping[Digest, int]) -> None:
        self._snapshots.sync()
        self._catalog.set_sizes(sizes)
        for chain_id in sizes:
            self._unsealed.pop(chain_id, None)

    def keep(self, chain_ids: Iterable[Digest]) -> None:
        """Spare layers from sweeps until ``let_go``; asking twice counts twice."""
        with self._guard:
            self._held.update(chain_ids)

    def let_go(self, chain_ids: Iterable[Digest]) -> None:
        """Let the next sweep have layers that were kept."""
        with self._guard:
            self._held.subtract(chain_ids)
            self._held = +self._held

    @contextmanager
    def open_plain(self, diff_id: Digest) -> Iterator[BinaryIO]:
        """Open a layer as its plain tar."""
        with open_layer(self._content, self._blob(diff_id)) as tar:
            yield tar

    def blob(self, diff_id: Digest) -> LayerBlob | None:
        """Return how a layer is stored."""
        return self._catalog.blob(diff_id)

    def plain_size(self, diff_id: Digest) -> int:
        """Return the length of a layer's plain tar."""
        return self._blob(diff_id).plain_size

    def open_packed(self, diff_id: Digest) -> BinaryIO:
        """Open a layer's blob as it is stored."""
        return self._content.open_blob(self._blob(diff_id).digest)

    def open_stored(self, digest: Digest) -> BinaryIO:
        """Open a blob for somebody who checks it anyway."""
        return self._content.open_unverified(digest)

    def collect(self, in_use: Collection[Digest]) -> tuple[Digest, ...]:
        """Remove what no image has, nobody holds and no container stands on."""
        with self._guard:
            removed = self._sweep_chains(frozenset(in_use))
            for blob in self._catalog.unused_blobs():
                if blob.diff_id not in self._held:
                    self._catalog.remove_blob(blob.diff_id)
            if self._writers == 0:  # a writer's blob may be whole before its record
                self._sweep_blobs()
        return removed

    def _blob(self, diff_id: Digest) -> LayerBlob:
        blob = self._catalog.blob(diff_id)
        if blob is None:
            raise InternalError(f"cannot open layer {diff_id}: its blob is gone")
        return blob

    def _sweep_blobs(self) -> None:
        known = {blob.digest for blob in self._catalog.blobs()}
        for digest in self._content.walk():
            if digest not in known:
                self._content.delete(digest)

    def _sweep_chains(self, in_use: frozenset[Digest]) -> tuple[Digest, ...]:
        doomed = _without(in_use | set(self._held), self._catalog.unused_chains())
        for chain in doomed:
            if self._snapshots.has_layer(chain.id):
                self._snapshots.remove_layer(chain.id)
            self._unsettled.pop(chain.id, None)
            self._unsealed.pop(chain.id, None)
            self._catalog.remove_chain(chain.id)
        return tuple(chain.id for chain in doomed)


def chains_of(config: ImageConfig) -> tuple[Chain, ...]:
    """Name the stack of layers below an image, lowest first."""
    return stack_of(config.rootfs.diff_ids)


def stack_of(diff_ids: Sequence[Digest]) -> tuple[Chain, ...]:
    """Name a stack of layers, lowest first."""
    chains: list[Chain] = []
    for diff_id in diff_ids:
        below = chains[-1].id if chains else None
        chain = diff_id if below is None else Digest.of(f"{below} {diff_id}".encode())
        chains.append(Chain(chain, diff_id, below))
    return tuple(chains)


def _without(kept: Collection[Digest], chains: Iterable[Chain]) -> list[Chain]:
    """Leave out layers, and those below them; return the rest, uppermost first."""
    rest = {chain.id: chain for chain in chains}
    for chain_id in kept:
        at = rest.get(chain_id)
        while at is not None:
            del rest[at.id]
            at = rest.get(at.parent) if at.parent else None
    return sorted(rest.values(), key=lambda chain: _depth(chain, rest), reverse=True)


def _depth(chain: Chain, among: dict[Digest, Chain]) -> int:
    depth, at = 0, chain
    while at.parent is not None and at.parent in among:
        depth, at = depth + 1, among[at.parent]
    return depth
