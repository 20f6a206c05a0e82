"""The build cache: found again after a restart, measured, forgotten."""

import threading
from pathlib import Path

import pytest

from labkit.base.database import open_database
from labkit.base.digest import Digest
from labkit.builder.cache import (
    CACHE_MOUNT,
    METADATA,
    MIGRATIONS,
    MOST_NOTES,
    BuildCache,
    Record,
)
from labkit.builder.model import BuildRequest
from tests.unit.builder.workshop import (
    FIRST_NS,
    FolderLayers,
    TickingClock,
    Workshop,
)

CHAIN = Digest.of(b"chain")


@pytest.fixture
def layers(tmp_path: Path) -> FolderLayers:
    (tmp_path / "layers" / CHAIN.hex).mkdir(parents=True)
    return FolderLayers(tmp_path / "layers", kept=[CHAIN])


def _open(tmp_path: Path, layers: FolderLayers) -> BuildCache:
    return BuildCache(tmp_path, layers, TickingClock())


def _record(key: str, **values: object) -> Record:
    return Record(key, "regular", "RUN x", **values)  # type: ignore[arg-type]


def test_finds_what_was_put_after_a_restart(
    tmp_path: Path, layers: FolderLayers
) -> None:
    cache = _open(tmp_path, layers)
    cache.put(_record("a", diff_id=CHAIN.text, chain_id=CHAIN.text, size=5))
    cache.put(Record("m", METADATA, "ENV A=1"))
    cache.close()
    layers.kept.clear()
    again = _open(tmp_path, layers)
    found = again.find("a")
    assert found is not None
    assert (found.layer, found.size, found.uses) == (CHAIN, 5, 1)
    assert again.find("m") is not None
    assert again.find("b") is None
    assert layers.kept == [CHAIN]
    assert [one.key for one in again.records()] == ["a"]
    again.close()


def test_forgets_a_record_whose_layer_is_gone(
    tmp_path: Path, layers: FolderLayers
) -> None:
    cache = _open(tmp_path, layers)
    cache.put(_record("a", diff_id=CHAIN.text, chain_id=CHAIN.text))
    cache.close()
    layers.layer_path(CHAIN).rmdir()
    again = _open(tmp_path, layers)
    assert again.find("a") is None
    again.close()


@pytest.mark.slow
def test_forgets_the_oldest_notes_when_they_are_too_many(
    tmp_path: Path, layers: FolderLayers
) -> None:
    cache = _open(tmp_path, layers)
    cache.put(_record("files"))
    for number in range(MOST_NOTES):
        cache.put(Record(f"n{number}", METADATA, "ENV A=1"))
    cache.flush()
    assert cache.find("n0") is not None  # used just now
    cache.put(Record("one more", METADATA, "ENV A=1"))
    cache.close()
    again = _open(tmp_path, layers)
    gone = MOST_NOTES // 4 + 1
    assert again.find("n1") is None
    assert again.find(f"n{gone}") is None
    assert again.find(f"n{gone + 1}") is not None
    assert all(again.find(key) is not None for key in ("files", "n0", "one more"))
    again.close()


def test_lets_layers_go_with_their_records(
    tmp_path: Path, layers: FolderLayers
) -> None:
    cache = _open(tmp_path, layers)
    cache.put(_record("a", diff_id=CHAIN.text, chain_id=CHAIN.text))
    cache.forget(["a", "never"])
    assert (layers.kept, cache.records()) == ([], ())
    cache.put(Record("m", METADATA, "ENV A=1"))
    cache.forget_metadata()
    assert cache.find("m") is None
    cache.close()


def test_a_step_done_anew_takes_the_old_one_s_place(
    tmp_path: Path, layers: FolderLayers
) -> None:
    cache = _open(tmp_path, layers)
    cache.put(_record("a", diff_id=CHAIN.text, chain_id=CHAIN.text))
    cache.put(_record("a"))
    assert layers.kept == []
    cache.close()


def test_a_cache_mount_is_found_again_and_measured(
    tmp_path: Path, layers: FolderLayers
) -> None:
    cache = _open(tmp_path, layers)
    with cache.mount("id", "shared") as (folder, is_new):
        assert is_new
        (folder / "x").write_text("12345")
    with cache.mount("id", "shared") as (again, is_new):
        assert (again, is_new) == (folder, False)
        (record,) = cache.records()
        assert (record.kind, record.size) == (CACHE_MOUNT, 5)
        assert cache.is_busy(record.key)
    assert not cache.is_busy(record.key)
    cache.forget([record.key])
    assert not folder.exists()
    cache.close()


def test_a_private_mount_is_nobody_else_s(tmp_path: Path, layers: FolderLayers) -> None:
    cache = _open(tmp_path, layers)
    with cache.mount("id", "private") as (one, _), cache.mount("id", "private") as two:
        assert one != two[0]
    with cache.mount("id", "private") as (again, _):
        assert again == one
    cache.close()


def test_a_locked_mount_waits(tmp_path: Path, layers: FolderLayers) -> None:
    cache = _open(tmp_path, layers)
    entered = threading.Event()

    def enter() -> None:
        with cache.mount("id", "locked"):
            entered.set()

    with cache.mount("id", "locked"):
        thread = threading.Thread(target=enter)
        thread.start()
        assert not entered.wait(0.05)
    assert entered.wait(5)
    thread.join()
    cache.close()


def test_a_record_has_the_real_time_whatever_its_image_is_dated_with(
    shop: Workshop,
) -> None:
    request = BuildRequest(arguments={"SOURCE_DATE_EPOCH": "1000"})
    shop.write("f", "x")
    shop.build("FROM base", "COPY f /", request=request)
    (record,) = shop.cache.records()
    assert record.created_ns == 1000 * 10**9
    assert FIRST_NS < record.made_ns <= record.used_ns
    shop.cache.close()
    again = BuildCache(shop.root, shop.layers, shop.clock)
    assert again.records() == (record,)
    again.close()


def test_records_of_an_older_engine_were_made_when_their_images_were(
    tmp_path: Path, layers: FolderLayers
) -> None:
    database = open_database(tmp_path / "builder.db", MIGRATIONS[:1])
    row = ("k", "regular", "RUN x", "", "", 0, 7, 8, 1, "")
    database.execute("INSERT INTO records VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    database.close()
    cache = _open(tmp_path, layers)
    (record,) = cache.records()
    assert (record.made_ns, record.created_ns, record.used_ns) == (7, 7, 8)
    cache.close()
