"""A blob on its way up, with stumbling blocks."""

import io
from collections.abc import Callable, Iterator

import pytest

from labkit.base.digest import Digest
from labkit.images.registry.failures import BrokenPromiseError, RefusedError
from labkit.images.registry.repository import Repository
from labkit.images.registry.retry import Patience
from labkit.images.registry.upload import PIECE_BYTES, Upload, upload_blob
from tests.contract.fakes.registry import (
    FakeRegistry,
    Handler,
    answer_with,
    hang_up,
)
from tests.contract.registry.asking import open_repository

LARGE = b"large" * (PIECE_BYTES // 4)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


@pytest.fixture
def repository(registry: FakeRegistry) -> Iterator[Repository]:
    with open_repository(registry.host) as repository:
        yield repository


def send(
    repository: Repository, data: bytes, tell: Callable[[int], None] = lambda _: None
) -> None:
    upload = Upload(Digest.of(data), len(data), lambda: io.BytesIO(data))
    upload_blob(repository, upload, Patience(second=0.0), tell, lambda _: None)


def test_sends_small_ones_in_one_piece(
    registry: FakeRegistry, repository: Repository
) -> None:
    told: list[int] = []
    send(repository, b"small", told.append)
    assert told[-1] == 5
    assert [one.method for one in registry.store.asked[-2:]] == ["POST", "PUT"]
    assert registry.store.blobs[Digest.of(b"small").text] == b"small"


@pytest.mark.slow
def test_sends_large_ones_in_pieces_and_a_cut_piece_again(
    registry: FakeRegistry, repository: Repository
) -> None:
    def half(handler: Handler) -> None:
        """Take some of the piece and hang up."""
        number = handler.path.rpartition("/")[2].partition("?")[0]
        handler.store.uploads[number] += handler.body[: PIECE_BYTES // 2]
        hang_up(handler)

    registry.fault("PATCH", half)
    send(repository, LARGE)
    assert registry.store.blobs[Digest.of(LARGE).text] == LARGE
    sent = sum(len(one.body) for one in registry.asked("PATCH|PUT"))
    assert sent < len(LARGE) + PIECE_BYTES


def test_begins_anew_where_an_upload_is_forgotten(
    registry: FakeRegistry, repository: Repository
) -> None:
    def forget(handler: Handler) -> None:
        handler.store.uploads.clear()
        handler.refuse(404, "BLOB_UPLOAD_UNKNOWN")

    registry.fault("PUT", forget)
    send(repository, b"small")
    assert Digest.of(b"small").text in registry.store.blobs


def test_gives_up_in_the_end(registry: FakeRegistry, repository: Repository) -> None:
    registry.fault("POST", answer_with(503), times=9)
    with pytest.raises(RefusedError, match="503"):
        send(repository, b"small")
    assert len(registry.asked("POST")) == 5
    registry.store.faults.clear()
    registry.fault("POST", answer_with(403, b'{"errors":[{"code":"DENIED"}]}'))
    with pytest.raises(RefusedError, match="denied"):
        send(repository, b"small")


def test_refuses_places_that_are_none(
    registry: FakeRegistry, repository: Repository
) -> None:
    registry.fault("POST", answer_with(202))
    with pytest.raises(BrokenPromiseError, match="names no place for the upload"):
        send(repository, b"small")
    registry.fault("POST", answer_with(202, b"", {"Location": "file:///tmp/x"}))
    with pytest.raises(BrokenPromiseError, match="cannot upload to 'file:///tmp/x'"):
        send(repository, b"small")
