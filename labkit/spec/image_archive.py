"""``docker save``: images as one tar that every reader finds its way in.

    blobs/sha256/<hex>   configurations, OCI manifests and plain layers, each once
    manifest.json        for docker load of any age, and for skopeo docker-archive:
    index.json           for readers of OCI layouts, with oci-layout beside it

That is the shape that Docker has written since version 25. Layers go in plain: then
the digests of the manifest are the diff ids, and the archive packs better as a whole.
Times are all zero, so the same images give the same bytes.
"""

import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, BinaryIO

from labkit.base.codec import camel_case, encode
from labkit.base.digest import Digest
from labkit.base.reference import Reference
from labkit.spec.image import (
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER,
    OCI_MANIFEST,
    Descriptor,
    Index,
    Manifest,
)

NAME_ANNOTATION = "io.containerd.image.name"
TAG_ANNOTATION = "org.opencontainers.image.ref.name"
NOTHING: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SavedLayer:
    """A layer to write: its plain tar's digest, its length and how to open it."""

    diff_id: Digest
    size: int
    open: Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class SavedImage:
    """An image to write, its layers lowest first."""

    config: bytes
    names: tuple[Reference, ...]
    layers: tuple[SavedLayer, ...]
    annotations: Mapping[str, str] = field(default_factory=dict)


def write_archive(
    images: Sequence[SavedImage], out: BinaryIO, notes: Mapping[str, bytes] = NOTHING
) -> None:
    """Write images to a stream, with files beside them that no reader looks at."""
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        written: set[Digest] = set()
        descriptors: list[Descriptor] = []
        for image in images:
            manifest = _manifest(image)
            for layer in image.layers:
                if layer.diff_id not in written:
                    with layer.open() as tar:
                        _put(archive, _path(layer.diff_id), layer.size, tar)
                written.add(layer.diff_id)
            for document in (image.config, manifest):
                if (digest := Digest.of(document)) not in written:
                    _put_bytes(archive, _path(digest), document)
                written.add(digest)
            descriptors += _describe(image, manifest)
        for name, text in notes.items():
            _put_bytes(archive, name, text)
        index = Index(tuple(descriptors), media_type=OCI_INDEX)
        _put_bytes(archive, "index.json", _json(encode(index, camel_case)))
        _put_bytes(archive, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
        _put_bytes(archive, "manifest.json", _json([_entry(one) for one in images]))


def _manifest(image: SavedImage) -> bytes:
    config = Descriptor(OCI_CONFIG, Digest.of(image.config), len(image.config))
    layers = tuple(
        Descriptor(OCI_LAYER, layer.diff_id, layer.size) for layer in image.layers
    )
    manifest = Manifest(config, layers, media_type=OCI_MANIFEST)
    return _json(encode(manifest, camel_case))


def _describe(image: SavedImage, manifest: bytes) -> list[Descriptor]:
    """Return a descriptor a name: an index has no other way to give several."""
    digest, size = Digest.of(manifest), len(manifest)
    if not image.names:
        annotations = dict(image.annotations)
        return [Descriptor(OCI_MANIFEST, digest, size, annotations=annotations)]
    return [
        Descriptor(
            OCI_MANIFEST,
            digest,
            size,
            annotations={
                NAME_ANNOTATION: name.text,
                TAG_ANNOTATION: name.tag or "",
                **image.annotations,
            },
        )
        for name in image.names
    ]


def _entry(image: SavedImage) -> dict[str, Any]:
    return {
        "Config": _path(Digest.of(image.config)),
        "RepoTags": [name.familiar for name in image.names] or None,
        "Layers": [_path(layer.diff_id) for layer in image.layers],
    }


def _path(digest: Digest) -> str:
    return f"blobs/sha256/{digest.hex}"


def _json(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _put_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    _put(archive, name, len(data), io.BytesIO(data))


def _put(archive: tarfile.TarFile, name: str, size: int, stream: BinaryIO) -> None:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o644
    archive.addfile(member, stream)
