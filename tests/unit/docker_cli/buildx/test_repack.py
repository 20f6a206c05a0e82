"""Archives with their layers packed."""

import hashlib
import io
import json
import tarfile
from typing import Any

import pytest

from labkit.base.compression import Unpacked
from labkit.docker_cli.buildx.repack import Packing, as_tar
from tests.unit.docker_cli.buildx.images import add, saved

OCI = "application/vnd.oci.image.layer.v1.tar"
DOCKER = "application/vnd.docker.image.rootfs.diff.tar"


def archive(layer: bytes, kind: str = OCI) -> bytes:
    """Make an archive as our engine saves it, of two images with one layer."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        described = {"mediaType": kind, **_blob(tar, layer)}
        about = _blob(tar, b"{}")
        manifest = {"config": about, "layers": [described]}
        named = {**_blob(tar, json.dumps(manifest).encode()), "annotations": {"a": "b"}}
        add(tar, "index.json", json.dumps({"manifests": [named, named]}).encode())
        add(tar, "oci-layout", b"{}")
        entry = {"Config": _path(about), "Layers": [_path(described)]}
        add(tar, "manifest.json", json.dumps([entry]).encode())
    return file.getvalue()


def _blob(tar: tarfile.TarFile, data: bytes) -> dict[str, Any]:
    descriptor = {"digest": _digest(data), "size": len(data)}
    add(tar, _path(descriptor), data)
    return descriptor


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _path(descriptor: dict[str, Any]) -> str:
    return f"blobs/{descriptor['digest'].replace(':', '/')}"


def files(data: bytes, packing: Packing) -> dict[str, bytes]:
    packed = io.BytesIO(b"".join(as_tar(io.BytesIO(data), packing)))
    with tarfile.open(fileobj=packed) as tar:
        found = {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]
    for name, content in found.items():
        if name.startswith("blobs/"):
            assert name == _path({"digest": _digest(content)})
    return found


@pytest.mark.parametrize(
    ("packing", "kind", "told"),
    [
        (Packing(), OCI, f"{OCI}+gzip"),
        (Packing("gzip", 9), DOCKER, f"{DOCKER}.gzip"),
        (Packing("zstd"), OCI, f"{OCI}+zstd"),
        (Packing("zstd", 19), OCI, f"{OCI}+zstd"),
        (Packing("uncompressed"), OCI, OCI),
    ],
)
def test_layers_are_packed_and_named_anew(
    packing: Packing, kind: str, told: str
) -> None:
    plain = b"layer" * 1000
    found = files(archive(plain, kind), packing)
    assert len(found) == 6
    first, second = json.loads(found["index.json"])["manifests"]
    assert first == second
    assert first["annotations"] == {"a": "b"}
    manifest = json.loads(found[_path(first)])
    (layer,) = manifest["layers"]
    data = found[_path(layer)]
    assert (layer["mediaType"], layer["size"]) == (told, len(data))
    assert Unpacked(io.BytesIO(data)).read() == plain
    assert json.loads(found["manifest.json"]) == [
        {"Config": _path(manifest["config"]), "Layers": [_path(layer)]}
    ]
    assert files(archive(plain, kind), packing) == found


def test_what_is_packed_stays() -> None:
    once = files(archive(b"x" * 99), Packing("zstd"))
    (layer,) = (data for data in once.values() if data[:4] == b"\x28\xb5\x2f\xfd")
    assert layer in files(archive(layer, f"{OCI}+zstd"), Packing()).values()


def test_another_engines_archive_stays_as_it_is() -> None:
    data = saved(b"one")
    assert b"".join(as_tar(io.BytesIO(data), Packing())) == data
