"""What pull and push have in common: where images come from, and what is told of it.

A pull knows *sources*: a registry's repository, or a folder of images that came with
this program. Both hold manifests and blobs by their digests; the pull can't tell them
apart, and checks both alike.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from labkit.base.digest import Digest
from labkit.base.reference import Reference
from labkit.images.model import Image
from labkit.images.registry.model import Document
from labkit.images.registry.retry import Patience
from labkit.spec.image import Descriptor


class Stage(enum.Enum):
    """How far a layer has come, in Docker's words."""

    FOUND = "Pulling fs layer"
    EXISTS = "Already exists"
    WAITING = "Waiting"
    DOWNLOADING = "Downloading"
    RETRYING = "Retrying"
    VERIFYING = "Verifying Checksum"
    DOWNLOADED = "Download complete"
    EXTRACTING = "Extracting"
    PULLED = "Pull complete"

    PREPARING = "Preparing"
    PUSHING = "Pushing"
    PUSHED = "Pushed"
    LAYER_EXISTS = "Layer already exists"
    MOUNTED = "Mounted from"


@dataclass(frozen=True, slots=True)
class LayerStep:
    """News of one layer; ``total`` 0 means that there is nothing to measure.

    ``where`` is the repository that a layer was mounted from; ``current`` of a retry
    is the seconds until it.
    """

    layer: Digest
    stage: Stage
    current: int = 0
    total: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class PullBegun:
    """The image was found, ``reference`` at the source."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class PullEnded:
    """One image is in; ``is_new`` unless its name has stood for it before.

    No ``digest`` is known of what nobody could be asked for.
    """

    reference: Reference
    digest: Digest | None
    image: Image
    is_new: bool


@dataclass(frozen=True, slots=True)
class PullWarning:
    """An image for one platform only, and not for the one that was asked for."""

    reference: Reference
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class PushEnded:
    """One tag is up."""

    reference: Reference
    digest: Digest
    size: int


@dataclass(frozen=True, slots=True)
class PullDone:
    """All that was asked for is in; ``is_new`` if any of it was not before."""

    reference: Reference
    is_new: bool


TransferEvent = LayerStep | PullBegun | PullEnded | PullWarning | PushEnded
PullEvent = TransferEvent | PullDone
Tell = Callable[[TransferEvent], None]


class Source(Protocol):
    """Where an image can be pulled from."""

    @property
    def repository(self) -> str:
        """Return domain and path, if blobs there can be mounted later; else nothing."""
        ...

    def find_digest(self, tag: str) -> Digest | None: ...
    def manifest(self, name: str | Digest) -> Document: ...
    def tags(self) -> tuple[str, ...]: ...
    def open_blob(
        self,
        blob: Descriptor,
        patience: Patience,
        tell: Callable[[int], None],
        tell_wait: Callable[[int], None],
    ) -> BinaryIO: ...
