"""Images on real snapshots: what the store promises holds on a real file system."""

import io
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.digest import chain_id
from labkit.base.reference import parse_reference
from labkit.images.model import ImageLoaded, LayerLoading
from labkit.images.store import ImageStore
from labkit.snapshots.overlay import OverlaySnapshots
from tests.unit.images.fakes import config_of, layer_tar, source_of

pytestmark = pytest.mark.root

BASE = layer_tar({"etc/motd": b"hello" * 20, "bin/tool": b"tool" * 10})
APP = layer_tar({"app": b"app", "etc/.wh.motd": b""})


@pytest.fixture
def snapshots(tmp_path: Path) -> OverlaySnapshots:
    return OverlaySnapshots(tmp_path / "layers")


@pytest.fixture
def store(tmp_path: Path, snapshots: OverlaySnapshots) -> Iterator[ImageStore]:
    store = ImageStore(tmp_path, snapshots)
    yield store
    store.close()


def add(store: ImageStore, name: str, *tars: bytes) -> None:
    sources = [source_of(tar) for tar in tars]
    store.add(config_of(tars), sources, [parse_reference(name)])


def test_unpacks_layers_and_counts_as_docker_does(
    store: ImageStore, snapshots: OverlaySnapshots
) -> None:
    add(store, "app", BASE, APP)
    image = store.resolve("app")
    lower, upper = store.chain_ids(image)
    assert (snapshots.layer_path(lower) / "bin/tool").read_bytes() == b"tool" * 10
    assert (snapshots.layer_path(upper) / "app").read_bytes() == b"app"
    assert image.size == 143
    assert store.layer_sizes(image) == (140, 3)


def test_removes_what_it_unpacked(
    store: ImageStore, snapshots: OverlaySnapshots
) -> None:
    add(store, "app", BASE, APP)
    add(store, "base", BASE)
    gone = store.remove(store.resolve("app").id)
    assert len(gone) == 1
    assert not snapshots.has_layer(gone[0])
    (only,) = store.chain_ids(store.resolve("base"))
    assert snapshots.has_layer(only)


def test_leaves_nothing_of_a_layer_that_was_refused(
    store: ImageStore, snapshots: OverlaySnapshots, tmp_path: Path
) -> None:
    hostile = layer_tar({"../outside": b"x"})
    with pytest.raises(Exception, match="outside"):
        add(store, "bad", BASE, hostile)
    assert store.list() == ()
    assert not (tmp_path / "outside").exists()
    store.collect()
    source = source_of(BASE)
    assert not snapshots.has_layer(chain_id([source.diff_id]))


def test_loads_what_it_saved_and_tells_of_progress(
    store: ImageStore, tmp_path: Path
) -> None:
    add(store, "app", BASE, APP)
    archive = io.BytesIO()
    store.save(["app"], archive)
    archive.seek(0)
    with tarfile.open(fileobj=archive) as tar:
        assert "manifest.json" in tar.getnames()
    archive.seek(0)
    other = ImageStore(tmp_path / "b", OverlaySnapshots(tmp_path / "b" / "layers"))
    try:
        events = list(other.load(archive))
        assert isinstance(events[-1], ImageLoaded)
        assert events[-1].image.id == store.resolve("app").id
        progress = [event for event in events if isinstance(event, LayerLoading)]
        assert [event.current == event.total for event in progress] == [
            False,
            True,
        ] * 2
    finally:
        other.close()


def test_shares_the_work_of_concurrent_callers(store: ImageStore) -> None:
    add(store, "app", BASE, APP)
    image = store.resolve("app")
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(store.chain_ids(image))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 4
