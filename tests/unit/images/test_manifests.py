"""Reading manifests of both families, and writing Docker's."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.digest import Digest
from labkit.images.manifests import docker_manifest, parse_document
from labkit.images.registry.failures import BrokenPromiseError
from labkit.images.registry.model import Document
from labkit.spec.image import (
    DOCKER_CONFIG,
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER_GZIP,
    OCI_MANIFEST,
    Descriptor,
    Index,
    Manifest,
)

BLOB = {"mediaType": OCI_CONFIG, "digest": Digest.of(b"x").text, "size": 1}


def document(content: Any, media_type: str = "") -> Document:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Document(Digest.of(data), media_type, data)


def manifest(**changes: Any) -> dict[str, Any]:
    return {"schemaVersion": 2, "config": BLOB, "layers": [BLOB], **changes}


@pytest.mark.parametrize("media_type", [OCI_MANIFEST, DOCKER_MANIFEST, ""])
def test_reads_a_manifest(media_type: str) -> None:
    said = {"mediaType": media_type} if media_type else {}
    for found in (
        parse_document(document(manifest(**said))),
        parse_document(document(manifest(), media_type)),
    ):
        assert isinstance(found, Manifest)
        assert found.layers[0].digest == Digest.of(b"x")


@pytest.mark.parametrize("media_type", [OCI_INDEX, DOCKER_LIST])
def test_reads_an_index(media_type: str) -> None:
    content = {"schemaVersion": 2, "manifests": [BLOB]}
    for found in (
        parse_document(document({**content, "mediaType": media_type})),
        parse_document(document(content, media_type)),
        parse_document(document(content)),
    ):
        assert isinstance(found, Index)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "invalid manifest sha256:"),
        (b"[]", "invalid manifest"),
        (b"[" * 100_000, "invalid manifest"),
        ({}, "config"),
        (manifest(layers=[BLOB] * 126), "max depth exceeded"),
        (manifest(config={**BLOB, "size": 1 << 40}), "configuration is too large"),
        (manifest(config={**BLOB, "mediaType": "a/b"}), 'Encountered remote "a/b"'),
        (manifest(layers=[{**BLOB, "size": -5}]), "has size -5"),
        (manifest(layers=[{**BLOB, "size": "5"}]), r"layers\[0\]"),
        (manifest(layers=[{**BLOB, "digest": "md5:00"}]), "invalid digest"),
        (manifest(schemaVersion=1), "schema 1 support has been removed"),
        (
            {"mediaType": OCI_INDEX, "manifests": [BLOB] * 1001},
            "names too many images",
        ),
    ],
)
def test_refuses(content: Any, words: str) -> None:
    with pytest.raises(BrokenPromiseError, match=words):
        parse_document(document(content))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["manifests", "config", "layers", "mediaType", "size"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_refuses_anything_else_in_one_way(content: Any) -> None:
    with contextlib.suppress(BrokenPromiseError):
        parse_document(document(content))


def test_writes_what_dockerd_writes() -> None:
    config = Descriptor(OCI_CONFIG, Digest.of(b"c"), 3)
    written = docker_manifest(config, (Descriptor(OCI_LAYER_GZIP, Digest.of(b"l"), 4),))
    assert written.media_type == DOCKER_MANIFEST
    lines = written.content.decode().splitlines()
    assert lines[:5] == [
        "{",
        '   "schemaVersion": 2,',
        f'   "mediaType": "{DOCKER_MANIFEST}",',
        '   "config": {',
        f'      "mediaType": "{DOCKER_CONFIG}",',
    ]
    assert lines[-1] == "}"
    found = parse_document(written)
    assert isinstance(found, Manifest)
    assert [layer.size for layer in found.layers] == [4]
