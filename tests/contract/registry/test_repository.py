"""Answers of a registry that are not what they should be."""

from collections.abc import Iterator

import pytest

from labkit.base.digest import Digest
from labkit.images.registry.failures import BrokenPromiseError
from labkit.images.registry.model import Document
from labkit.images.registry.repository import Repository
from labkit.spec.image import DOCKER_MANIFEST, Descriptor
from tests.contract.fakes.registry import FakeRegistry, answer_with
from tests.contract.registry.asking import open_repository

NAME = "team/app"


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


@pytest.fixture
def repository(registry: FakeRegistry) -> Iterator[Repository]:
    with open_repository(registry.host, NAME) as repository:
        yield repository


def test_lists_tags_page_by_page(
    registry: FakeRegistry, repository: Repository
) -> None:
    registry.store.page = 2
    for tag in ("a", "b", "c", "d", "e"):
        registry.put_manifest(NAME, tag, {"tag": tag})
    assert repository.tags() == ("a", "b", "c", "d", "e")
    link = {"Link": f'</v2/{NAME}/tags/list?n=1>; rel="next"'}
    registry.fault("GET .*tags", answer_with(200, b'{"tags":["a"]}', link), times=99)
    assert repository.tags() == ("a",)  # the same page for ever ends at its second


@pytest.mark.parametrize("said", [b"[", b"{}", b'{"tags":"a"}', b'{"tags":[1]}'])
def test_refuses_what_is_no_list(
    registry: FakeRegistry, repository: Repository, said: bytes
) -> None:
    registry.fault("GET .*tags", answer_with(200, said))
    with pytest.raises(BrokenPromiseError, match="is no list of tags"):
        repository.tags()


def test_refuses_another_range_than_it_asked_for(
    registry: FakeRegistry, repository: Repository
) -> None:
    blob = Descriptor("", Digest.of(b"12345"), 5)
    wrong = {"Content-Range": "bytes 0-4/5"}
    registry.fault("GET .*blobs", answer_with(206, b"12345", wrong))
    with (
        pytest.raises(BrokenPromiseError, match="asked for it from byte 2"),
        repository.open_blob(blob, 2),
    ):
        pass


def test_refuses_a_manifest_stored_as_another(
    registry: FakeRegistry, repository: Repository
) -> None:
    other = {"Docker-Content-Digest": Digest.of(b"other").text}
    registry.fault("PUT .*manifests", answer_with(201, b"", other))
    with pytest.raises(BrokenPromiseError, match="was stored as sha256:"):
        repository.put_manifest("1", Document(Digest.of(b"{}"), DOCKER_MANIFEST, b"{}"))


def test_asks_without_a_digest_in_the_header(
    registry: FakeRegistry, repository: Repository
) -> None:
    registry.put_manifest(NAME, "1", {})
    registry.fault("HEAD", answer_with(200))
    assert repository.find_digest("1") is None
    assert repository.manifest("1").content == b"{}"
