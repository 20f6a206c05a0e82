"""The images that came with this program, as a source: an OCI image layout.

    index.json               a descriptor for every name that there is
    blobs/sha256/<hex>       manifests, configurations, layers

It is only ever read, and believed as little as a registry: who may write to that
folder need not be who runs the engine.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from labkit.base.codec import camel_case, decode
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.files import open_regular, read_regular
from labkit.base.reference import Reference, parse_reference
from labkit.images.registry.failures import RegistryError
from labkit.images.registry.model import Document
from labkit.images.registry.repository import MAX_MANIFEST_BYTES
from labkit.images.registry.retry import Patience
from labkit.spec.image import Descriptor, Index
from labkit.spec.image_archive import NAME_ANNOTATION

_MAX_INDEX_BYTES = 16 << 20


class NotBundledError(NotFoundError):
    """The folder does not hold it."""


class BundledSource:
    """See ``labkit.images.transfer.Source``; one repository of the folder."""

    repository = ""
    """Nothing can be mounted from a folder."""

    def __init__(self, root: Path, names: dict[str, Descriptor]) -> None:
        self._blobs = root / "blobs" / "sha256"
        self._names = names

    def find_digest(self, tag: str) -> Digest | None:
        return self._names[tag].digest if tag in self._names else None

    def manifest(self, name: str | Digest) -> Document:
        """Return a manifest by tag or digest, or raise NotBundledError."""
        digest = self.find_digest(name) if isinstance(name, str) else name
        if digest is None:
            raise NotBundledError(f"no bundled image has the tag {name}")
        content = read_regular(self._blobs / digest.hex, MAX_MANIFEST_BYTES)
        if content is None:
            raise NotBundledError(f"no bundled image has the manifest {digest}")
        if Digest.of(content) != digest:
            raise RegistryError(f"manifest verification failed for digest {digest}")
        return Document(digest, "", content)

    def tags(self) -> tuple[str, ...]:
        return tuple(sorted(self._names))

    def open_blob(
        self,
        blob: Descriptor,
        patience: Patience,
        tell: Callable[[int], None],
        tell_wait: Callable[[int], None],
    ) -> BinaryIO:
        file = open_regular(self._blobs / blob.digest.hex)
        if file is None:
            raise RegistryError(f"bundled blob {blob.digest} is gone")
        return cast(BinaryIO, _Watched(file, patience, tell))


class _Watched(io.RawIOBase):
    """A file that tells how far it was read and can be stopped."""

    def __init__(
        self, file: BinaryIO, patience: Patience, tell: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._file = file
        self._patience = patience
        self._tell = tell
        self._at = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._patience.check()
        data = self._file.read(size)
        self._at += len(data)
        self._tell(self._at)
        return data

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def find_bundled(root: Path, reference: Reference) -> BundledSource | None:
    """Return the folder as a source if it has a reference's repository."""
    data = read_regular(root / "index.json", _MAX_INDEX_BYTES)
    if data is None:
        return None
    try:
        index = decode(Index, json.loads(data), camel_case, "index.json")
    except (ValueError, RecursionError, InvalidInputError) as error:
        raise RegistryError(f"cannot read {root}/index.json: {error}") from error
    found: dict[str, Descriptor] = {}
    for descriptor in index.manifests:
        name = descriptor.annotations.get(NAME_ANNOTATION, "")
        known = _parse(name)
        if known is not None and known.name == reference.name and known.tag:
            found[known.tag] = descriptor
    return BundledSource(root, found) if found else None


def _parse(name: str) -> Reference | None:
    try:
        return parse_reference(name)
    except InvalidInputError:
        return None
