"""Manifests and indexes of both families, read with care.

Docker's and OCI's differ in media types only. A document is a stranger's: it may be of
any size (bounded where it is fetched), nest without end, name a million layers or ones
of a negative length. What is read here has passed all of that.
"""

import json
from typing import Any

from labkit.base.codec import camel_case, decode
from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.images.registry.failures import BrokenPromiseError
from labkit.images.registry.model import Document
from labkit.spec.image import (
    DOCKER_CONFIG,
    DOCKER_LAYER_GZIP,
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_INDEX,
    Descriptor,
    Index,
    Manifest,
)

MAX_LAYERS = 125
"""dockerd's own limit (moby, ``layer/layer_store.go``): more overlays don't mount."""
MAX_CONFIG_BYTES = 16 << 20
MAX_DEPTH = 3
_MAX_INDEX_ENTRIES = 1000
_MAX_BLOB_BYTES = 1 << 50
_INDEXES = (OCI_INDEX, DOCKER_LIST)
_CONFIGS = (OCI_CONFIG, DOCKER_CONFIG, "application/octet-stream")  # old Docker's
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+"


def parse_document(document: Document) -> Manifest | Index:
    """Read a manifest or an index.

    Raises:
        BrokenPromiseError: it is neither, or not one that anybody means well with.
    """
    what = f"manifest {document.digest}"
    try:
        content: Any = json.loads(document.content)
        media_type = _media_type(document, content)
        if media_type.startswith(_SCHEMA_1) or content.get("schemaVersion") == 1:
            raise BrokenPromiseError(
                "Docker Image Format v1 and Docker Image manifest version 2, schema 1 "
                "support has been removed: suggest the author to upgrade the image to "
                "the OCI Format or Docker Image manifest v2, schema 2"
            )
        if media_type in _INDEXES:
            index = decode(Index, content, camel_case, "index")
            _check_index(index, what)
            return index
        manifest = decode(Manifest, content, camel_case, "manifest")
    except (ValueError, AttributeError, RecursionError, InvalidInputError) as error:
        raise BrokenPromiseError(f"invalid {what}: {error}") from error
    _check_manifest(manifest, what)
    return manifest


def _media_type(document: Document, content: Any) -> str:
    """Find out what a document is: what it says itself counts most."""
    said = content.get("mediaType")
    if isinstance(said, str) and said:
        return said
    if "manifests" in content and "config" not in content:
        return OCI_INDEX
    return document.media_type


def _check_index(index: Index, what: str) -> None:
    if len(index.manifests) > _MAX_INDEX_ENTRIES:
        raise BrokenPromiseError(f"invalid {what}: it names too many images")
    for descriptor in index.manifests:
        _check_size(descriptor, what)


def _check_manifest(manifest: Manifest, what: str) -> None:
    if len(manifest.layers) > MAX_LAYERS:
        raise BrokenPromiseError(f"invalid {what}: max depth exceeded")
    if manifest.config.media_type not in _CONFIGS:
        kind = manifest.config.media_type
        raise BrokenPromiseError(f'Encountered remote "{kind}"(unknown) when fetching')
    if manifest.config.size > MAX_CONFIG_BYTES:
        raise BrokenPromiseError(f"invalid {what}: its configuration is too large")
    for descriptor in (manifest.config, *manifest.layers):
        _check_size(descriptor, what)


def _check_size(descriptor: Descriptor, what: str) -> None:
    if not 0 <= descriptor.size <= _MAX_BLOB_BYTES:
        raise BrokenPromiseError(
            f"invalid {what}: {descriptor.digest} has size {descriptor.size}"
        )


def docker_manifest(config: Descriptor, layers: tuple[Descriptor, ...]) -> Document:
    """Write a manifest as dockerd does, to the byte: same blobs, same digest."""
    document = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": _describe(config, DOCKER_CONFIG),
        "layers": [_describe(layer, DOCKER_LAYER_GZIP) for layer in layers],
    }
    # Go's json.MarshalIndent with three blanks.
    content = json.dumps(document, indent=3, separators=(",", ": ")).encode()
    return Document(Digest.of(content), DOCKER_MANIFEST, content)


def _describe(descriptor: Descriptor, media_type: str) -> dict[str, Any]:
    return {
        "mediaType": media_type,
        "size": descriptor.size,
        "digest": descriptor.digest.text,
    }
