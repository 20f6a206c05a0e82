"""A store over memory snapshots, and pulls into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.reference import parse_reference
from labkit.images.platforms import host_platform
from labkit.images.registry.model import ANONYMOUS, Credentials, Settings
from labkit.images.registry.retry import Patience
from labkit.images.registry.transport import Transport
from labkit.images.store import ImageStore
from labkit.images.transfer import LayerStep, PullEnded, TransferEvent
from labkit.images.upstream import registry_sources
from labkit.spec.image import Platform
from tests.unit.images.fakes import MemorySnapshots


@dataclass
class Puller:
    """Pulls as a daemon would, without waiting between tries."""

    root: Path
    store: ImageStore
    snapshots: MemorySnapshots
    settings: Settings = field(default_factory=Settings)
    told: list[TransferEvent] = field(default_factory=list)

    def pull(
        self,
        name: str,
        credentials: Credentials = ANONYMOUS,
        platform: Platform | None = None,
        patience: Patience | None = None,
    ) -> PullEnded:
        reference = parse_reference(name)
        transport = Transport(self.settings, read_seconds=5)
        self.told.clear()
        try:
            sources = registry_sources(reference, self.settings, transport, credentials)
            return self.store.pull(
                next(sources),
                reference,
                platform or host_platform(),
                patience or Patience(second=0.0),
                self.told.append,
            )
        finally:
            transport.close()

    def stages(self) -> list[str]:
        return [one.stage.value for one in self.told if isinstance(one, LayerStep)]

    def is_clean(self) -> bool:
        """Say whether nothing of an image is there, not even after a sweep."""
        self.store.collect()
        blobs = list((self.root / "blobs/sha256").iterdir())
        drafts = list((self.root / "blobs/ingest").iterdir())
        left = (self.store.list(), self.snapshots.layers, blobs, drafts)
        return not any(left)


@contextmanager
def open_puller(root: Path) -> Iterator[Puller]:
    snapshots = MemorySnapshots()
    store = ImageStore(root, snapshots)
    try:
        yield Puller(root, store, snapshots)
    finally:
        store.close()
