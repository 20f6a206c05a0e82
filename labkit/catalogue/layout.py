"""Finished images on the disk: an OCI image layout.

    oci-layout                  says what this folder is
    index.json                  a descriptor for every name; ours adds the fingerprint
                                of the catalogue that the image was built from
    blobs/sha256/<hex>          manifests, configurations, plain layer tars, each once

Layers are plain here: shared by all images, and packed once as a whole on export.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from labkit.base.codec import camel_case, decode, encode, same_name
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.base.files import write_atomically
from labkit.base.reference import Reference, parse_reference
from labkit.spec.image import (
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER,
    OCI_MANIFEST,
    Descriptor,
    ImageConfig,
    Index,
    Manifest,
)
from labkit.spec.image_archive import (
    NAME_ANNOTATION,
    TAG_ANNOTATION,
    SavedImage,
    SavedLayer,
)

FINGERPRINT_ANNOTATION = "io.labkit.fingerprint"


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image in the layout: its id is its configuration's digest, as everywhere."""

    id: Digest
    config: ImageConfig
    names: tuple[Reference, ...]
    layers: tuple[Descriptor, ...]
    fingerprint: str

    @property
    def size(self) -> int:
        return sum(layer.size for layer in self.layers)


class Layout:
    """An OCI image layout in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._blobs = root / "blobs" / "sha256"
        self._blobs.mkdir(parents=True, exist_ok=True)

    def path(self, digest: Digest) -> Path:
        return self._blobs / digest.hex

    def put(self, data: bytes) -> Digest:
        """Store a document."""
        digest = Digest.of(data)
        if not self.path(digest).exists():
            write_atomically(self.path(digest), data, 0o644)
        return digest

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Give a place for a blob that is still being written."""
        path = self._blobs / f".{secrets.token_hex(8)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def adopt(self, draft: Path, expected: Digest | None = None) -> Descriptor:
        """Take a finished draft under its digest.

        Raises:
            InvalidInputError: it is not what was expected.
        """
        with draft.open("rb") as file:
            digest = Digest.of_stream(file)
            os.fsync(file.fileno())
        if expected is not None and digest != expected:
            raise InvalidInputError(f"blob {expected} has digest {digest}")
        size = draft.stat().st_size
        draft.rename(self.path(digest))
        return Descriptor(OCI_LAYER, digest, size)

    def images(self) -> tuple[StoredImage, ...]:
        """Read what is in the layout; images whose blobs are gone are left out."""
        found: dict[Digest, StoredImage] = {}
        for descriptor in self._index().manifests:
            manifest = self._manifest(descriptor.digest)
            if manifest is None:
                continue
            name = parse_reference(descriptor.annotations[NAME_ANNOTATION])
            known = found.get(manifest.config.digest)
            if known is not None:
                found[known.id] = replace(known, names=(*known.names, name))
                continue
            data = json.loads(self.path(manifest.config.digest).read_bytes())
            found[manifest.config.digest] = StoredImage(
                manifest.config.digest,
                decode(ImageConfig, data, same_name),
                (name,),
                manifest.layers,
                descriptor.annotations.get(FINGERPRINT_ANNOTATION, ""),
            )
        return tuple(found.values())

    def put_image(
        self,
        config: bytes,
        layers: Sequence[Descriptor],
        names: Sequence[Reference],
        fingerprint: str,
    ) -> Digest:
        """Store an image and point its names at it; return its id."""
        config_digest = self.put(config)
        described = Descriptor(OCI_CONFIG, config_digest, len(config))
        manifest = Manifest(described, tuple(layers), media_type=OCI_MANIFEST)
        data = _json(encode(manifest, camel_case))
        digest = self.put(data)
        others = [
            descriptor
            for descriptor in self._index().manifests
            if parse_reference(descriptor.annotations[NAME_ANNOTATION]) not in names
        ]
        ours = [
            Descriptor(
                OCI_MANIFEST,
                digest,
                len(data),
                annotations={
                    NAME_ANNOTATION: name.text,
                    TAG_ANNOTATION: name.tag or "",
                    FINGERPRINT_ANNOTATION: fingerprint,
                },
            )
            for name in names
        ]
        self._write_index((*others, *ours))
        return config_digest

    def saved(self, image: StoredImage) -> SavedImage:
        """Describe an image to the writer of archives."""
        layers = tuple(
            SavedLayer(
                layer.digest, layer.size, partial(_open, self.path(layer.digest))
            )
            for layer in image.layers
        )
        config = self.path(image.id).read_bytes()
        annotations = {FINGERPRINT_ANNOTATION: image.fingerprint}
        return SavedImage(config, image.names, layers, annotations)

    def sweep(self, keep: Iterable[Digest] = ()) -> None:
        """Remove blobs that no image of the index needs."""
        needed = {digest.hex for digest in keep}
        for descriptor in self._index().manifests:
            needed.add(descriptor.digest.hex)
            if manifest := self._manifest(descriptor.digest):
                needed.add(manifest.config.digest.hex)
                needed.update(layer.digest.hex for layer in manifest.layers)
        for path in self._blobs.iterdir():
            if path.name not in needed:
                path.unlink()

    def _index(self) -> Index:
        path = self._root / "index.json"
        if not path.exists():
            return Index(())
        return decode(Index, json.loads(path.read_bytes()), camel_case)

    def _write_index(self, manifests: tuple[Descriptor, ...]) -> None:
        index = Index(manifests, media_type=OCI_INDEX)
        layout = _json({"imageLayoutVersion": "1.0.0"})
        write_atomically(self._root / "oci-layout", layout, 0o644)
        data = _json(encode(index, camel_case))
        write_atomically(self._root / "index.json", data, 0o644)

    def _manifest(self, digest: Digest) -> Manifest | None:
        """Read a manifest; None if it or anything that it names is not there."""
        if not self.path(digest).exists():
            return None
        data = json.loads(self.path(digest).read_bytes())
        manifest = decode(Manifest, data, camel_case)
        parts = (manifest.config, *manifest.layers)
        whole = all(self.path(part.digest).exists() for part in parts)
        return manifest if whole else None


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
