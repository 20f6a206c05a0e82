"""labkit.images.layers: plain or packed, the diff id is that of the plain tar."""

import bz2
import gzip
import io
import lzma
from pathlib import Path

import pytest
import zstandard

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.images.content import ContentStore
from labkit.images.layers import open_layer, write_layer
from labkit.spec.image import OCI_LAYER_GZIP, OCI_LAYER_ZSTD
from tests.unit.images.fakes import layer_tar

TAR = layer_tar({"etc/motd": b"hello" * 500})
GZIP = gzip.compress(TAR)
ZSTD = zstandard.compress(TAR)


@pytest.mark.parametrize(
    ("packed", "media_type", "kept"),
    [
        (TAR, OCI_LAYER_ZSTD, False),
        (GZIP, OCI_LAYER_GZIP, True),
        (ZSTD, OCI_LAYER_ZSTD, True),
        (bz2.compress(TAR), OCI_LAYER_ZSTD, False),
        (lzma.compress(TAR), OCI_LAYER_ZSTD, False),
        (gzip.compress(TAR[:600]) + gzip.compress(TAR[600:]), OCI_LAYER_GZIP, True),
    ],
)
def test_gives_the_plain_tar_back(
    tmp_path: Path, packed: bytes, media_type: str, kept: bool
) -> None:
    content = ContentStore(tmp_path)
    blob = write_layer(content, io.BytesIO(packed), Digest.of(TAR))
    assert blob.diff_id == Digest.of(TAR)
    assert (blob.media_type, blob.plain_size) == (media_type, len(TAR))
    assert (blob.digest == Digest.of(packed)) is kept
    with open_layer(content, blob) as tar:
        assert tar.read() == TAR


def test_keeps_what_trails_a_packed_layer(tmp_path: Path) -> None:
    padded = ZSTD + b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"skip"
    content = ContentStore(tmp_path)
    assert write_layer(content, io.BytesIO(padded)).digest == Digest.of(padded)


def test_refuses_another_diff_id(tmp_path: Path) -> None:
    content = ContentStore(tmp_path)
    with pytest.raises(InvalidInputError, match="expected diff id"):
        write_layer(content, io.BytesIO(GZIP), Digest.of(b"other"))
    assert list(content.walk()) == []


@pytest.mark.parametrize(
    "packed", [GZIP[:-20], ZSTD[:40], GZIP[:50] + b"x" + GZIP[51:]]
)
def test_refuses_damaged_data(tmp_path: Path, packed: bytes) -> None:
    content = ContentStore(tmp_path)
    with pytest.raises(InvalidInputError):
        write_layer(content, io.BytesIO(packed), Digest.of(TAR))
    assert list(content.walk()) == []
