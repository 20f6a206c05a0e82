"""labkit.spec.image_archive: one tar for every reader, the same each time."""

import io
import json
import tarfile
from contextlib import nullcontext

from labkit.base.digest import Digest
from labkit.base.reference import parse_reference
from labkit.spec.image_archive import SavedImage, SavedLayer, write_archive

LAYER = b"a plain tar, as far as anybody here can tell"


def saved(config: bytes, *names: str) -> SavedImage:
    layer = SavedLayer(
        Digest.of(LAYER), len(LAYER), lambda: nullcontext(io.BytesIO(LAYER))
    )
    references = tuple(parse_reference(name) for name in names)
    return SavedImage(config, references, (layer,), {"note": "kept"})


def written(*images: SavedImage) -> dict[str, bytes]:
    out = io.BytesIO()
    write_archive(images, out, {"README": b"hello"})
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(out.getvalue())) as archive:
        for member in archive:
            assert member.name not in files
            file = archive.extractfile(member)
            assert file is not None
            files[member.name] = file.read()
    return files


def test_names_images_for_docker_load() -> None:
    files = written(saved(b"{}", "app:1", "r.example/app"), saved(b"[]"))
    first, second = json.loads(files["manifest.json"])
    assert first["RepoTags"] == ["app:1", "r.example/app:latest"]
    assert files[first["Config"]] == b"{}"
    assert [files[layer] for layer in first["Layers"]] == [LAYER]
    assert second["RepoTags"] is None


def test_names_images_for_readers_of_oci_layouts() -> None:
    files = written(saved(b"{}", "app:1", "app:2"))
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    descriptors = json.loads(files["index.json"])["manifests"]
    names = [one["annotations"]["io.containerd.image.name"] for one in descriptors]
    assert names == ["docker.io/library/app:1", "docker.io/library/app:2"]
    assert {one["annotations"]["note"] for one in descriptors} == {"kept"}
    digest = descriptors[0]["digest"].partition(":")[2]
    manifest = json.loads(files[f"blobs/sha256/{digest}"])
    assert manifest["config"]["digest"] == Digest.of(b"{}").text
    assert manifest["layers"][0]["digest"] == Digest.of(LAYER).text


def test_writes_every_blob_under_its_digest_and_once() -> None:
    files = written(saved(b"{}", "app:1"), saved(b"[]", "app:2"))
    blobs = {name: data for name, data in files.items() if name.startswith("blobs/")}
    assert len(blobs) == 5
    for name, data in blobs.items():
        assert name == f"blobs/sha256/{Digest.of(data).hex}"
    assert files["README"] == b"hello"


def test_writes_the_same_bytes_each_time() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_archive([saved(b"{}", "app:1")], first)
    write_archive([saved(b"{}", "app:1")], second)
    assert first.getvalue() == second.getvalue()
