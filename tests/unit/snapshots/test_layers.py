"""The store of layers: whole or absent."""

import fcntl
import io
import os
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import NotFoundError
from labkit.snapshots.layers import LayerStore
from labkit.snapshots.model import LayerUsage

ONE, TWO = Digest.of(b"1"), Digest.of(b"2")


def unpack(tar: BinaryIO, target: Path, base: Path | None) -> LayerUsage:
    data = tar.read()
    (target / "content").write_bytes(data)
    return LayerUsage(len(data), 1)


@pytest.fixture
def store(tmp_path: Path) -> LayerStore:
    return LayerStore(tmp_path / "layers", unpack)


def test_a_layer_is_added_found_and_removed(store: LayerStore) -> None:
    assert not store.has(ONE)
    assert store.add(ONE, None, io.BytesIO(b"abc")) == LayerUsage(3, 1)
    assert store.has(ONE)
    assert store.usage(ONE) == LayerUsage(3, 1)
    assert (store.path(ONE) / "content").read_bytes() == b"abc"
    store.remove(ONE)
    store.remove(ONE)
    assert not store.has(ONE)
    assert os.listdir(store.root) == ["l"]


def test_a_missing_layer_is_not_found(store: LayerStore) -> None:
    with pytest.raises(NotFoundError, match="no such layer: sha256:"):
        store.path(ONE)
    with pytest.raises(NotFoundError):
        store.add(ONE, TWO, io.BytesIO(b""))


def test_the_second_adder_gets_the_first_ones_layer(store: LayerStore) -> None:
    store.add(ONE, None, io.BytesIO(b"first"))
    assert store.add(ONE, None, io.BytesIO(b"other")) == LayerUsage(5, 1)
    assert (store.path(ONE) / "content").read_bytes() == b"first"


def test_adders_at_the_same_time_share(tmp_path: Path) -> None:
    began, go_on = threading.Event(), threading.Event()
    calls: list[int] = []

    def slow(tar: BinaryIO, target: Path, base: Path | None) -> LayerUsage:
        calls.append(1)
        began.set()
        assert go_on.wait(5)
        return LayerUsage(0, 0)

    store = LayerStore(tmp_path / "layers", slow)
    threads = [
        threading.Thread(target=store.add, args=(ONE, None, io.BytesIO()))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    assert began.wait(5)
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert calls == [1]
    assert store.has(ONE)


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(tar: BinaryIO, target: Path, base: Path | None) -> LayerUsage:
        (target / "half").touch()
        raise ValueError("damaged")

    store = LayerStore(tmp_path / "layers", fail)
    with pytest.raises(ValueError, match="damaged"):
        store.add(ONE, None, io.BytesIO())
    assert os.listdir(store.root) == ["l"]


def test_what_a_crash_left_is_swept(tmp_path: Path) -> None:
    root = tmp_path / "layers"
    (root / ".draft-dead/diff").mkdir(parents=True)
    (root / ".draft-live").mkdir()
    fd = os.open(root / ".draft-live", os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    LayerStore(root, unpack)
    assert sorted(os.listdir(root)) == [".draft-live", "l"]
    os.close(fd)
    LayerStore(root, unpack)
    assert os.listdir(root) == ["l"]


def test_half_a_layer_does_not_count(store: LayerStore) -> None:
    (store.root / ONE.hex / "diff").mkdir(parents=True)
    assert not store.has(ONE)


def test_short_paths_lead_to_the_layer(store: LayerStore) -> None:
    store.add(ONE, None, io.BytesIO(b"abc"))
    short = store.short_path(ONE)
    assert store.short_path(ONE) == short
    assert short.resolve() == store.path(ONE).resolve()
    assert len(short.name) == 12


def test_a_taken_short_name_grows(store: LayerStore) -> None:
    store.add(ONE, None, io.BytesIO(b"abc"))
    (store.root / "l" / ONE.hex[:12]).symlink_to("elsewhere")
    assert len(store.short_path(ONE).name) == 13
    store.remove(ONE)
    assert os.listdir(store.root / "l") == [ONE.hex[:12]]
