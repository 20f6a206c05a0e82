"""What the client finds in the fake registry it finds in the real one."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.images.manifests import docker_manifest
from labkit.images.registry.failures import (
    NoCredentialsError,
    RefusedError,
    RegistryError,
)
from labkit.images.registry.model import ANONYMOUS, Credentials, Document
from labkit.images.registry.repository import Repository
from labkit.images.registry.retry import Patience
from labkit.images.registry.upload import PIECE_BYTES, Upload, mount_blob, upload_blob
from labkit.spec.image import DOCKER_CONFIG, DOCKER_LAYER_GZIP, Descriptor
from tests.contract.fakes.registry import FakeRegistry
from tests.contract.registry.asking import open_repository
from tests.contract.registry.real import CREDENTIALS, real_registry

SMALL, LARGE = b"{}", bytes(range(256)) * (PIECE_BYTES // 200)


@pytest.fixture(params=["fake", "real"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "fake":
        with FakeRegistry("basic") as registry:
            yield registry.host
    else:
        with real_registry(tmp_path / "registry", auth=True) as real:
            yield real


@pytest.fixture
def repository(host: str) -> Iterator[Repository]:
    with open_repository(host, credentials=CREDENTIALS) as repository:
        yield repository


def send(repository: Repository, data: bytes) -> Descriptor:
    digest = Digest.of(data)
    upload = Upload(digest, len(data), lambda: io.BytesIO(data))
    upload_blob(repository, upload, Patience(), lambda _: None, lambda _: None)
    return Descriptor("", digest, len(data))


def put_image(repository: Repository, *tags: str) -> Document:
    config, layer = send(repository, SMALL), send(repository, LARGE)
    document = docker_manifest(
        Descriptor(DOCKER_CONFIG, config.digest, config.size),
        (Descriptor(DOCKER_LAYER_GZIP, layer.digest, layer.size),),
    )
    for tag in tags:
        repository.put_manifest(tag, document)
    return document


@pytest.mark.slow
def test_what_went_up_comes_down(host: str, repository: Repository) -> None:
    document = put_image(repository, "1", "2")
    assert repository.find_digest("1") == document.digest
    assert repository.manifest("2") == document
    assert repository.manifest(document.digest) == document
    assert sorted(repository.tags()) == ["1", "2"]
    blob = Descriptor("", Digest.of(LARGE), len(LARGE))
    assert repository.blob_size(blob.digest) == len(LARGE)
    assert repository.blob_size(Digest.of(b"no")) is None
    with repository.open_blob(blob) as (answer, begin):
        assert begin == 0
        read = b"".join(iter(lambda: answer.read(1 << 20), b""))
    assert read == LARGE
    with repository.open_blob(blob, len(LARGE) - 5) as (answer, begin):
        assert (begin, answer.read(99)) == (len(LARGE) - 5, LARGE[-5:])
    with open_repository(host, "team/copy", CREDENTIALS) as copy:
        assert not mount_blob(copy, Digest.of(b"no"), "team/app")
        assert mount_blob(copy, blob.digest, "team/app")
        assert copy.blob_size(blob.digest) == len(LARGE)


def test_what_is_not_there_is_refused_alike(repository: Repository) -> None:
    assert repository.find_digest("9") is None
    for name in ("9", Digest.of(b"")):
        with pytest.raises(RefusedError, match=r"^manifest unknown: manifest unknown$"):
            repository.manifest(name)
    with (
        pytest.raises(RefusedError, match=r"^blob unknown: blob unknown"),
        repository.open_blob(Descriptor("", Digest.of(b""), 1)),
    ):
        pass


@pytest.mark.parametrize(
    ("credentials", "kind", "words"),
    [
        (ANONYMOUS, NoCredentialsError, 'manifests/1": no basic auth credentials'),
        (Credentials("lab", "no"), RefusedError, "^unauthorized: authentication req"),
    ],
)
def test_who_may_not_look_is_refused_alike(
    host: str, credentials: Credentials, kind: type[RegistryError], words: str
) -> None:
    with open_repository(host, credentials=credentials) as repository:
        with pytest.raises(kind, match=words):
            repository.find_digest("1")
        with pytest.raises(kind, match=words):
            repository.manifest("1")
