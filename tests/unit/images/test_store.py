"""labkit.images.store: names, sharing, and whole images or none."""

import gzip
import io
import itertools
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.reference import parse_reference
from labkit.images.model import ImageLoaded, NameMoved
from labkit.images.store import ImageStore
from labkit.spec.image import HistoryEntry, ImageConfig, RootFs
from tests.unit.images.fakes import (
    MemorySnapshots,
    chains_of,
    config_of,
    layer_tar,
    source_of,
)

BASE = layer_tar({"bin/sh": b"shell" * 10})
APP = layer_tar({"app": b"app" * 10})
OTHER = layer_tar({"other": b"other" * 10})


class Opener(Protocol):
    def __call__(
        self, root: Path, snapshots: MemorySnapshots | None = None
    ) -> ImageStore: ...


@pytest.fixture
def open_store() -> Iterator[Opener]:
    with ExitStack() as stack:

        def open_(root: Path, snapshots: MemorySnapshots | None = None) -> ImageStore:
            store = ImageStore(root, snapshots or MemorySnapshots())
            stack.callback(store.close)
            return store

        yield open_


def add(store: ImageStore, name: str, *tars: bytes) -> Digest:
    sources = [source_of(tar) for tar in tars]
    return store.add(config_of(tars), sources, [parse_reference(name)]).id


def test_finds_an_image_by_all_its_names(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    image_id = add(store, "app:1", BASE, APP)
    assert image_id == Digest.of(config_of([BASE, APP]))
    for ref in ("app:1", "docker.io/library/app:1", image_id.text, image_id.hex,
                image_id.hex[:12], "sha256:" + image_id.hex[:3]):  # fmt: skip
        assert store.resolve(ref).id == image_id
    image = store.resolve("app:1")
    assert image.size == 80
    assert image.created_ns == 1_700_000_000_500_000_000
    assert [name.familiar for name in image.names] == ["app:1"]


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("nginx", "No such image: nginx:latest"),
        ("nginx:1.25", "No such image: nginx:1.25"),
        ("docker.io/library/nginx", "No such image: nginx:latest"),
        ("r.example/a", "No such image: r.example/a:latest"),
        ("abcdef", "No such image: abcdef:latest"),
        ("f" * 64, "No such image: sha256:" + "f" * 64),
        ("a@sha256:" + "f" * 64, "No such image: a@sha256:" + "f" * 64),
    ],
)
def test_says_in_dockers_words_that_there_is_none(
    tmp_path: Path, open_store: Opener, ref: str, message: str
) -> None:
    store = open_store(tmp_path)
    with pytest.raises(NotFoundError) as caught:
        store.resolve(ref)
    assert caught.value.message == message


def test_refuses_names_that_cannot_be(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    with pytest.raises(InvalidInputError, match="must be lowercase"):
        store.resolve("NGINX")


def test_unpacks_a_shared_layer_once(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    add(store, "app", BASE, APP)
    add(store, "other", BASE, OTHER)
    assert sorted(snapshots.added) == sorted(
        {*chains_of(BASE, APP), *chains_of(BASE, OTHER)}
    )


def test_removes_layers_that_nobody_needs(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    app = add(store, "app", BASE, APP)
    other = add(store, "other", BASE, OTHER)
    assert store.remove(app) == (chains_of(BASE, APP)[1],)
    assert set(snapshots.layers) == set(chains_of(BASE, OTHER))
    assert store.remove(other) == tuple(reversed(chains_of(BASE, OTHER)))
    assert snapshots.layers == {}
    assert list((tmp_path / "blobs" / "sha256").iterdir()) == []
    assert store.list() == ()


def test_keeps_layers_of_containers(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    app = add(store, "app", BASE, APP)
    in_use = chains_of(BASE, APP)
    assert store.remove(app, in_use) == ()
    assert set(snapshots.layers) == set(in_use)
    assert store.collect() == tuple(reversed(in_use))


def test_keeps_the_layers_below_one_in_use(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    app = add(store, "app", BASE, APP)
    assert store.remove(app, [chains_of(BASE, APP)[1]]) == ()
    assert set(snapshots.layers) == set(chains_of(BASE, APP))


def test_moves_a_name_to_another_image(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    app = add(store, "app", BASE, APP)
    other = store.resolve(add(store, "other", BASE, OTHER).text)
    assert store.tag(other, parse_reference("app")) == app
    assert store.resolve("app").id == other.id
    assert store.resolve(app.text).names == ()
    assert store.tag(other, parse_reference("app")) is None
    store.untag(parse_reference("app"))
    with pytest.raises(NotFoundError, match="No such image: app:latest"):
        store.untag(parse_reference("app"))


def test_does_not_tag_an_image_that_went(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    image = store.resolve(add(store, "app", BASE).text)
    store.remove(image.id)
    with pytest.raises(NotFoundError, match="No such image"):
        store.tag(image, parse_reference("back"))


def test_lists_the_newest_first(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    for year in (2021, 2023, 2022):
        config = config_of([BASE], created=f"{year}-01-01T00:00:00Z")
        store.add(config, [source_of(BASE)], [parse_reference(f"y{year}")])
    assert [image.names[0].familiar for image in store.list()] == [
        "y2023:latest",
        "y2022:latest",
        "y2021:latest",
    ]


def test_finds_nothing_by_an_ambiguous_start(
    tmp_path: Path, open_store: Opener
) -> None:
    store = open_store(tmp_path)
    ids = [
        add_numbered(store, number).hex for number in range(17)
    ]  # seventeen ids: two of them begin with the same digit
    starts = [one[0] for one in ids]
    twice = next(start for start in starts if starts.count(start) > 1)
    with pytest.raises(NotFoundError, match="No such image"):
        store.resolve(twice)


def add_numbered(store: ImageStore, number: int) -> Digest:
    config = config_of([BASE], author=str(number))
    return store.add(config, [source_of(BASE)]).id


def test_survives_a_new_start(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    before = store.resolve(add(store, "app", BASE, APP).text)
    store.close()
    assert open_store(tmp_path, snapshots).resolve("app") == before


def test_unpacks_again_what_is_gone(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    image = store.resolve(add(store, "app", BASE, APP).text)
    del snapshots.layers[chains_of(BASE, APP)[1]]
    assert store.chain_ids(image) == chains_of(BASE, APP)
    assert set(snapshots.layers) == set(chains_of(BASE, APP))


def test_concurrent_adders_share_the_work(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    threads = [
        threading.Thread(target=add, args=(store, f"app{number}", BASE, APP))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(snapshots.added) == sorted(chains_of(BASE, APP))
    assert len(store.resolve("app0").names) == 4


def test_refuses_layers_of_another_image(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    with pytest.raises(InvalidInputError, match="not the 2 that its configuration"):
        store.add(config_of([BASE, APP]), [source_of(BASE)])
    with pytest.raises(InvalidInputError, match="no JSON"):
        store.add(b"{", [])


def test_leaves_no_half_image_anywhere(tmp_path: Path, open_store: Opener) -> None:
    for failing in itertools.count(1):
        root = tmp_path / str(failing)
        snapshots = MemorySnapshots(fail_at=failing)
        store = open_store(root, snapshots)
        try:
            add(store, "app", BASE, APP)
        except OSError:
            assert store.list() == ()
            store.close()
            again = open_store(root, snapshots)
            again.collect()
            assert snapshots.layers == {}
            assert list((root / "blobs" / "sha256").iterdir()) == []
        else:
            assert failing > 2
            break


def test_mends_a_layer_without_size(tmp_path: Path, open_store: Opener) -> None:
    snapshots = MemorySnapshots()
    store = open_store(tmp_path, snapshots)
    snapshots.layers[chains_of(BASE)[0]] = 1
    image = store.resolve(add(store, "app", BASE).text)
    assert image.size == 50


def test_holds_a_layer_for_its_image(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    with store.write_layer(io.BytesIO(BASE)) as blob:
        store.collect()
        image = store.add(config_of([BASE]), [source_of(BASE)])
    assert blob.diff_id == Digest.of(BASE)
    with store.open_layer(blob.diff_id) as tar:
        assert tar.read() == BASE
    assert store.list() == (image,)


def test_loads_what_it_saved(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path / "a")
    app, other = add(store, "app:1", BASE, APP), add(store, "app:2", BASE, OTHER)
    archive = io.BytesIO()
    store.save(["app"], archive)
    packed = io.BytesIO(gzip.compress(archive.getvalue()))
    target = open_store(tmp_path / "b")
    loaded = [event for event in target.load(packed) if isinstance(event, ImageLoaded)]
    assert [(one.image.id, one.name and one.name.familiar) for one in loaded] == [
        (app, "app:1"),
        (other, "app:2"),
    ]
    assert target.resolve("app:1").size == store.resolve("app:1").size


def test_saves_what_each_argument_means(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    app = add(store, "app:1", BASE, APP)
    store.tag(store.resolve("app:1"), parse_reference("app:2"))
    for names, tags in (
        (["app"], ["app:1", "app:2"]),
        (["app:2"], ["app:2"]),
        ([app.hex[:12]], []),
        ([app.text], []),
        (["app:1", "app"], ["app:1", "app:2"]),
    ):
        archive = io.BytesIO()
        store.save(names, archive)
        archive.seek(0)
        events = open_store(tmp_path / "-".join(names)).load(archive)
        found = [one.name for one in events if isinstance(one, ImageLoaded)]
        assert [name.familiar for name in found if name] == tags
    with pytest.raises(NotFoundError, match=r"No such image: gone$"):
        store.save(["gone"], io.BytesIO())
    with pytest.raises(NotFoundError, match="reference does not exist"):
        store.save(["app:gone"], io.BytesIO())


def test_tells_that_a_name_has_moved(tmp_path: Path, open_store: Opener) -> None:
    source, target = open_store(tmp_path / "a"), open_store(tmp_path / "b")
    add(source, "app", BASE)
    old = add(target, "app", APP)
    archive = io.BytesIO()
    source.save(["app"], archive)
    archive.seek(0)
    moved = [one for one in target.load(archive) if isinstance(one, NameMoved)]
    assert [(one.name.familiar, one.previous) for one in moved] == [("app:latest", old)]


def test_tells_history_with_sizes(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    image = store.resolve(add(store, "app", BASE, APP).text)
    assert [(line.created_by, line.size) for line in store.history(image)] == [
        ("step 1", 30),
        ("step 0", 50),
    ]


def test_a_derived_image_stands_on_its_base(tmp_path: Path, open_store: Opener) -> None:
    store = open_store(tmp_path)
    add(store, "base", BASE)
    base = store.resolve("base")
    found: list[Digest] = []

    def describe(diff_id: Digest) -> ImageConfig:
        found.append(diff_id)
        layers = (*base.config.rootfs.diff_ids, diff_id)
        entry = HistoryEntry(created_by="me")
        return replace(
            base.config,
            rootfs=RootFs(diff_ids=layers),
            history=(*base.config.history, entry),
        )

    name = parse_reference("derived")
    image = store.derive(io.BytesIO(APP), describe, base, [name])
    assert found == [Digest.of(APP)]
    assert image.parent == base.id
    assert image.names == (name,)
    assert image.chain_ids[:-1] == base.chain_ids
    with store.open_layer(found[0]) as tar:
        assert tar.read() == APP
    ids = [line.id for line in store.history(image)]
    assert ids[0] == image.id
    assert base.id in ids or len(ids) == 1
