"""What the API asks beside the engine's verbs: archives of images, and one path."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Protocol

from labkit.images.model import LoadEvent


class Machine(Protocol):
    """``load`` and ``save`` of the image store, awaited."""

    @property
    def scratch(self) -> Path:
        """A folder for archives on their way, on the data root's own disk."""
        ...

    def load(self, archive: BinaryIO) -> AsyncIterator[LoadEvent]:
        """Put an archive's images into the store, telling how it goes."""
        ...

    async def network_namespace(self) -> str:
        """Return the path of the namespace that holds the engine's bridges."""
        ...

    async def save(self, names: tuple[str, ...], out: BinaryIO) -> None:
        """Write images as one archive that ``docker load`` reads."""
        ...
