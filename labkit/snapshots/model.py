"""What snapshots take and give, and the contract of those who keep them."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from labkit.base.digest import Digest


class ChangeKind(enum.Enum):
    """Docker's letters."""

    CHANGED = "C"
    ADDED = "A"
    DELETED = "D"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of ``docker diff``; ``path`` is absolute, inside the container."""

    path: str
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class LayerUsage:
    """``bytes`` counts what files hold and links say, as Docker's sizes do."""

    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class OverlayDirs:
    """The folders to mount: ``lower`` top first, in the order of ``lowerdir=``.

    Without ``lower`` there is nothing to mount: ``upper`` is the whole tree, a copy.
    """

    lower: tuple[Path, ...]
    upper: Path
    work: Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What a layer may be at most: it is a stranger's file.

    ``ratio`` bounds what sparse files claim against what the tar holds, once they
    claim more than ``ratio_from_bytes``.
    """

    entries: int = 2_000_000
    bytes: int = 256 << 30
    ratio: int = 1_000
    ratio_from_bytes: int = 1 << 30
    path_bytes: int = 4095  # PATH_MAX without its NUL
    name_bytes: int = 255  # NAME_MAX
    depth: int = 512
    header_bytes: int = 1 << 20


class Snapshots(Protocol):
    """Layers by chain id, and the folders of containers on top of them.

    A layer is there whole or not at all, whatever dies when. All calls are safe from
    several threads; the second of two who add the same layer finds it done.
    """

    def has_layer(self, chain_id: Digest) -> bool: ...

    def add_layer(
        self,
        chain_id: Digest,
        parent: Digest | None,
        tar: BinaryIO,
        durable: bool = True,
    ) -> LayerUsage:
        """Unpack a plain tar; the stream is read to its end.

        Without ``durable`` a power cut may leave a part of it, until ``sync``.

        Raises:
            InvalidInputError: the tar is damaged, or tries something it must not.
            NotFoundError: the parent is not there.
        """
        ...

    def sync(self) -> None:
        """Write to the disk what was added and may not be there yet."""
        ...

    def layer_usage(self, chain_id: Digest) -> LayerUsage: ...

    def remove_layer(self, chain_id: Digest) -> None:
        """Forget a layer; it may be gone already."""
        ...

    def layer_path(self, chain_id: Digest) -> Path:
        """Return the folder with the layer's own entries.

        Raises:
            NotFoundError: it is not there.
        """
        ...

    def prepare(self, folder: Path, chain_ids: tuple[Digest, ...]) -> OverlayDirs:
        """Make a container's ``upper``, ``work`` and ``rootfs`` in ``folder``.

        Chain ids come lowest first. Calling it again gives the same folders back.
        """
        ...

    def discard(self, folder: Path) -> None:
        """Remove what ``prepare`` made there, and nothing else."""
        ...

    def changes(self, dirs: OverlayDirs) -> Iterator[Change]:
        """Tell what differs from the layers below, parents before children."""
        ...

    def diff(self, dirs: OverlayDirs, out: BinaryIO) -> None:
        """Write the changes as a layer's tar."""
        ...

    def usage(self, dirs: OverlayDirs) -> int:
        """Return the bytes of regular files in the upper."""
        ...
