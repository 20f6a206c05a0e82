"""The folder of images that came with this program."""

import json
from pathlib import Path
from typing import Any

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import NotFoundError
from labkit.base.reference import parse_reference
from labkit.images.bundled import BundledSource, find_bundled
from labkit.images.platforms import host_platform
from labkit.images.registry.failures import BrokenPromiseError, RegistryError
from labkit.images.registry.retry import CancelledError, Patience
from labkit.images.store import ImageStore
from labkit.images.transfer import Stage, TransferEvent
from labkit.spec.image import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST, Descriptor
from tests.unit.images.fakes import MemorySnapshots, config_of, layer_tar

TAR = layer_tar({"hello": b"x" * 5000})


def nothing(_: int) -> None:
    pass


def put(root: Path, data: bytes, kind: str, **more: Any) -> dict[str, Any]:
    folder = root / "blobs/sha256"
    folder.mkdir(parents=True, exist_ok=True)
    digest = Digest.of(data)
    (folder / digest.hex).write_bytes(data)
    return {"mediaType": kind, "digest": digest.text, "size": len(data), **more}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return put_layout(tmp_path)


def put_layout(tmp_path: Path, architecture: str = "amd64") -> Path:
    """Make a layout that has ``app:1`` and ``app:latest``."""
    root = tmp_path / "images"
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": put(root, config_of([TAR], architecture=architecture), OCI_CONFIG),
        "layers": [put(root, TAR, OCI_LAYER)],
    }
    data = json.dumps(manifest).encode()
    names = ("docker.io/library/app:1", "docker.io/library/app:latest", "no name!")
    entries = [
        put(root, data, OCI_MANIFEST, annotations={"io.containerd.image.name": name})
        for name in names
    ]
    index = {"schemaVersion": 2, "manifests": entries}
    (root / "index.json").write_text(json.dumps(index))
    return root


def source_of(root: Path, name: str = "app") -> BundledSource:
    found = find_bundled(root, parse_reference(name))
    assert found is not None
    return found


def test_finds_repositories_by_their_whole_name(root: Path, tmp_path: Path) -> None:
    assert source_of(root).tags() == ("1", "latest")
    for other in ("other", "quay.io/library/app", "team/app"):
        assert find_bundled(root, parse_reference(other)) is None
    assert find_bundled(tmp_path / "absent", parse_reference("app")) is None


def test_is_pulled_from_like_a_registry(root: Path, tmp_path: Path) -> None:
    store = ImageStore(tmp_path / "data", MemorySnapshots())
    told: list[TransferEvent] = []
    reference = parse_reference("app:1")
    ended = store.pull(
        source_of(root), reference, host_platform(), Patience(), told.append
    )
    assert ended.is_new
    assert ended.image.id == Digest.of(config_of([TAR]))
    assert [name.familiar for name in ended.image.names] == ["app:1"]
    assert ended.image.repo_digests[0].familiar == f"app@{ended.digest}"
    stages = [getattr(one, "stage", None) for one in told]
    assert stages.index(Stage.DOWNLOADING) < stages.index(Stage.EXTRACTING)
    store.close()


def test_is_believed_as_little_as_a_registry(root: Path, tmp_path: Path) -> None:
    store = ImageStore(tmp_path / "data", MemorySnapshots())
    (root / "blobs/sha256" / Digest.of(TAR).hex).write_bytes(TAR[:-1] + b"x")
    with pytest.raises(BrokenPromiseError, match="filesystem layer verification fail"):
        store.pull(
            source_of(root),
            parse_reference("app:1"),
            host_platform(),
            Patience(),
            lambda _: None,
        )
    assert store.list() == ()
    store.close()


def test_says_what_is_missing(root: Path) -> None:
    source = source_of(root)
    with pytest.raises(NotFoundError, match="no bundled image has the tag 9"):
        source.manifest("9")
    with pytest.raises(NotFoundError, match="has the manifest sha256:"):
        source.manifest(Digest.of(b"other"))
    missing = Descriptor(OCI_LAYER, Digest.of(b"other"), 5)
    with pytest.raises(RegistryError, match="is gone"):
        source.open_blob(missing, Patience(), nothing, nothing)
    digest = source.find_digest("1")
    assert digest is not None
    (root / "blobs/sha256" / digest.hex).write_bytes(b"{}")
    with pytest.raises(RegistryError, match="manifest verification failed"):
        source.manifest("1")
    (root / "index.json").write_text("{")
    with pytest.raises(RegistryError, match="cannot read"):
        find_bundled(root, parse_reference("app"))


def test_stops_when_told(root: Path) -> None:
    patience = Patience()
    blob = Descriptor(OCI_LAYER, Digest.of(TAR), len(TAR))
    with source_of(root).open_blob(blob, patience, nothing, nothing) as stream:
        assert stream.read(10) == TAR[:10]
        patience.stop.set()
        with pytest.raises(CancelledError):
            stream.read(10)
