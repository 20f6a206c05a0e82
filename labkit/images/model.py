"""What an image is to the engine, and what the image store asks of the layers below."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from labkit.base.digest import Digest
from labkit.base.reference import Reference
from labkit.snapshots.model import LayerUsage
from labkit.spec.image import ImageConfig


@dataclass(frozen=True, slots=True)
class Image:
    """One image as the store knows it.

    ``size`` counts as Docker does: the bytes of all files in all layers, before any
    later layer hides them. ``parent`` is set for images built or committed here.
    """

    id: Digest
    config: ImageConfig
    names: tuple[Reference, ...]
    repo_digests: tuple[Reference, ...]
    size: int
    created_ns: int
    chain_ids: tuple[Digest, ...]
    parent: Digest | None = None

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return all that it is called, by tag and by digest."""
        return (*self.names, *self.repo_digests)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One row of ``docker history``; ``id`` is None where Docker says <missing>."""

    id: Digest | None
    created_ns: int
    created_by: str
    comment: str
    size: int
    tags: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class LayerSource:
    """A layer that somebody has: the digest of its plain tar and how to open it.

    The stream may be packed in any way; it is opened only if the store lacks the layer.
    """

    diff_id: Digest
    open: Callable[[], BinaryIO]
    size: int = 0


@dataclass(frozen=True, slots=True)
class LayerLoading:
    """Progress of ``load``: so many bytes of one layer's stream are read."""

    diff_id: Digest
    current: int
    total: int


@dataclass(frozen=True, slots=True)
class NameMoved:
    """A name that ``load`` took from another image."""

    name: Reference
    previous: Digest


@dataclass(frozen=True, slots=True)
class ImageLoaded:
    """An image is in; under ``name``, or nameless if that is None."""

    image: Image
    name: Reference | None


LoadEvent = LayerLoading | NameMoved | ImageLoaded


class Usage(Protocol):
    """What an unpacked layer takes."""

    @property
    def bytes(self) -> int: ...


class Snapshots(Protocol):
    """The part of ``labkit.snapshots`` that images need."""

    def has_layer(self, chain_id: Digest) -> bool: ...
    def add_layer(
        self,
        chain_id: Digest,
        parent: Digest | None,
        tar: BinaryIO,
        durable: bool = True,
    ) -> Usage: ...
    def sync(self) -> None: ...
    def remove_layer(self, chain_id: Digest) -> None: ...
    def pack(self, folder: Path, out: BinaryIO) -> LayerUsage: ...
    def adopt_layer(
        self, chain_id: Digest, folder: Path, usage: LayerUsage
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class BuiltLayer:
    """A layer that a build made; ``chain_id`` names it on top of those below."""

    diff_id: Digest
    chain_id: Digest
    bytes: int
