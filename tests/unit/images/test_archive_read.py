"""labkit.images.archive_read: archives of all ages, and hostile ones."""

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.base.machine import host_architecture
from labkit.images.archive_read import read_archive
from labkit.images.model import LayerSource
from labkit.spec.image import OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from tests.unit.images.fakes import archive_of, config_of, layer_tar

TAR = layer_tar({"a": b"a"})
CONFIG = config_of([TAR])


def docker_files(**manifest: object) -> dict[str, bytes]:
    entry = {
        "Config": "c.json",
        "RepoTags": ["app:1"],
        "Layers": ["l/layer.tar"],
        **manifest,
    }
    return {
        "c.json": CONFIG,
        "l/layer.tar": TAR,
        "manifest.json": json.dumps([entry]).encode(),
    }


def read_all(archive: BinaryIO, spool: Path) -> list[tuple[Digest, bytes, list[str]]]:
    with read_archive(archive, spool) as images:
        return [
            (
                Digest.of(image.config),
                b"".join(read(layer) for layer in image.layers),
                [name.familiar for name in image.names],
            )
            for image in images
        ]


def read(layer: LayerSource) -> bytes:
    with layer.open() as stream:
        return stream.read()


def test_reads_dockers_manifest(tmp_path: Path) -> None:
    expected = [(Digest.of(CONFIG), TAR, ["app:1"])]
    assert read_all(archive_of(docker_files()), tmp_path) == expected
    assert list(tmp_path.iterdir()) == []


def test_reads_an_image_without_names(tmp_path: Path) -> None:
    files = docker_files(RepoTags=None)
    assert read_all(archive_of(files), tmp_path)[0][2] == []


def test_follows_links_within_the_archive(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("l/layer.tar")
        link.type, link.linkname = tarfile.SYMTYPE, "../real/layer.tar"
        archive.addfile(link)
        files = docker_files()
        files["real/layer.tar"] = files.pop("l/layer.tar")
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    out.seek(0)
    assert read_all(out, tmp_path)[0][1] == TAR


def oci_files(architecture: str) -> dict[str, bytes]:
    def blob(data: bytes) -> str:
        files[f"blobs/sha256/{Digest.of(data).hex}"] = data
        return Digest.of(data).text

    files: dict[str, bytes] = {}
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "config": {
                "mediaType": OCI_CONFIG,
                "digest": blob(CONFIG),
                "size": len(CONFIG),
            },
            "layers": [{"mediaType": OCI_LAYER, "digest": blob(TAR), "size": len(TAR)}],
        }
    ).encode()
    described = {
        "mediaType": OCI_MANIFEST,
        "digest": blob(manifest),
        "size": len(manifest),
        "platform": {"architecture": architecture, "os": "linux"},
    }
    inner = json.dumps({"schemaVersion": 2, "manifests": [described]}).encode()
    outer = {
        "mediaType": OCI_INDEX,
        "digest": blob(inner),
        "size": len(inner),
        "annotations": {"org.opencontainers.image.ref.name": "app:1"},
    }
    index = {"schemaVersion": 2, "manifests": [outer]}
    files["index.json"] = json.dumps(index).encode()
    files["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
    return files


def test_reads_an_oci_layout(tmp_path: Path) -> None:
    archive = archive_of(oci_files(host_architecture()))
    assert read_all(archive, tmp_path) == [(Digest.of(CONFIG), TAR, ["app:1"])]


def test_passes_over_other_machines(tmp_path: Path) -> None:
    assert read_all(archive_of(oci_files("s390x")), tmp_path) == []


def test_refuses_a_blob_under_a_wrong_digest(tmp_path: Path) -> None:
    files = oci_files(host_architecture())
    files[f"blobs/sha256/{Digest.of(CONFIG).hex}"] = CONFIG + b" "
    with pytest.raises(InvalidInputError, match="has digest"):
        read_all(archive_of(files), tmp_path)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "does not contain a manifest.json"),
        ({"../x": b""}, "points outside"),
        ({"/etc/passwd": b""}, "points outside"),
        ({"a/../../x": b""}, "points outside"),
        ({"manifest.json": b"{"}, "'manifest.json': Expecting"),
        ({"manifest.json": b"[" * 100_000}, "'manifest.json'"),
        ({"manifest.json": b'{"a": 1}'}, "expected list or tuple, found dict"),
        ({"manifest.json": b"[{}]"}, "invalid archive"),
        (docker_files(Config="../../etc/passwd"), "points outside"),
        (docker_files(Config="gone"), "no file 'gone'"),
        (docker_files(Layers=[]), "has 1 layers, 0 came"),
        (docker_files(RepoTags=["BAD NAME"]), "invalid reference format"),
    ],
)
def test_refuses_bad_archives(
    tmp_path: Path, files: Mapping[str, bytes], reason: str
) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        read_all(archive_of(files), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"no tar at all" * 100, b"\x1f\x8b\x08garbage"])
def test_refuses_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_all(io.BytesIO(data), tmp_path)


@pytest.mark.parametrize(
    ("kind", "target", "reason"),
    [
        (tarfile.SYMTYPE, "../../etc/passwd", "points outside"),
        (tarfile.SYMTYPE, "/etc/passwd", "points outside"),
        (tarfile.LNKTYPE, "../x", "points outside"),
        (tarfile.SYMTYPE, "manifest.json", "too many links"),
        (tarfile.CHRTYPE, "", "no plain file"),
        (tarfile.FIFOTYPE, "", "no plain file"),
    ],
)
def test_refuses_odd_entries(
    tmp_path: Path, kind: bytes, target: str, reason: str
) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("manifest.json")
        member.type, member.linkname = kind, target
        archive.addfile(member)
    out.seek(0)
    with pytest.raises(InvalidInputError, match=reason):
        read_all(out, tmp_path)
