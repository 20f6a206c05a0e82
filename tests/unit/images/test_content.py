"""labkit.images.content: blobs are whole and right, or not there."""

import io
from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import InternalError, InvalidInputError, NotFoundError
from labkit.images.content import ContentStore

DATA = b"layer" * 1000
DIGEST = Digest.of(DATA)


def blobs_in(store: ContentStore) -> list[Digest]:
    return list(store.walk())


def test_stores_under_the_digest(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    blob = store.write(io.BytesIO(DATA), DIGEST, len(DATA))
    assert (blob.digest, blob.size) == (DIGEST, len(DATA))
    assert (tmp_path / "sha256" / DIGEST.hex).read_bytes() == DATA
    assert store.size(DIGEST) == len(DATA)
    with store.open_blob(DIGEST) as file:
        assert file.read() == DATA


def test_stores_again_without_change(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    store.write(io.BytesIO(DATA))
    before = (tmp_path / "sha256" / DIGEST.hex).stat().st_ino
    store.write(io.BytesIO(DATA))
    assert (tmp_path / "sha256" / DIGEST.hex).stat().st_ino == before
    assert list((tmp_path / "ingest").iterdir()) == []


def test_refuses_another_digest(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    with pytest.raises(InvalidInputError, match=f"have digest {DIGEST}"):
        store.write(io.BytesIO(DATA), Digest.of(b"other"))
    assert blobs_in(store) == []
    assert list((tmp_path / "ingest").iterdir()) == []


def test_refuses_another_size(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    with pytest.raises(InvalidInputError, match="expected 4999 bytes, got 5000"):
        store.write(io.BytesIO(DATA), DIGEST, 4999)
    assert blobs_in(store) == []


def test_notices_a_damaged_blob(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    store.write(io.BytesIO(DATA))
    (tmp_path / "sha256" / DIGEST.hex).write_bytes(DATA[:-1] + b"!")
    with pytest.raises(InternalError, match="is damaged"):
        store.open_blob(DIGEST)


def test_does_not_find_what_is_absent(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    assert not store.has(DIGEST)
    with pytest.raises(NotFoundError, match=DIGEST.text):
        store.open_blob(DIGEST)
    with pytest.raises(NotFoundError, match=DIGEST.text):
        store.size(DIGEST)
    store.delete(DIGEST)


def test_sweeps_what_a_killed_writer_left(tmp_path: Path) -> None:
    ContentStore(tmp_path)
    (tmp_path / "ingest" / "half").write_bytes(b"half a blob")
    (tmp_path / "ingest" / "spool").mkdir()
    ContentStore(tmp_path)
    assert list((tmp_path / "ingest").iterdir()) == []
