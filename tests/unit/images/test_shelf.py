"""labkit.images.shelf: what is held is not swept, what nobody needs is."""

import gzip
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from labkit.base.digest import Digest, chain_id
from labkit.base.errors import InternalError
from labkit.images.catalog import Catalog, Chain, parse_config
from labkit.images.shelf import LayerShelf, chains_of
from labkit.spec.image import OCI_LAYER_GZIP, Descriptor
from tests.unit.images.fakes import MemorySnapshots, config_of, layer_tar, source_of

BASE = layer_tar({"base": b"base"})
APP = layer_tar({"app": b"app"})
CHAINS = chains_of(parse_config(config_of([BASE, APP])))


@pytest.fixture
def snapshots() -> MemorySnapshots:
    return MemorySnapshots()


@pytest.fixture
def shelf(tmp_path: Path, snapshots: MemorySnapshots) -> Iterator[LayerShelf]:
    catalog = Catalog(tmp_path / "images.db")
    yield LayerShelf(tmp_path / "blobs", catalog, snapshots)
    catalog.close()


def fill(shelf: LayerShelf) -> None:
    for chain, tar in zip(CHAINS, (BASE, APP), strict=True):
        shelf.ensure_blob(source_of(tar))
        shelf.ensure_chain(chain)


def test_names_each_layer_with_all_below_it() -> None:
    assert [chain.parent for chain in CHAINS] == [None, CHAINS[0].id]
    assert CHAINS[0].id == Digest.of(BASE)
    assert CHAINS[1].id == Digest.of(f"{Digest.of(BASE)} {Digest.of(APP)}".encode())


def test_sweeps_uppermost_first(shelf: LayerShelf, snapshots: MemorySnapshots) -> None:
    fill(shelf)
    assert shelf.collect(()) == (CHAINS[1].id, CHAINS[0].id)
    assert snapshots.layers == {}


def test_does_not_sweep_what_is_held(
    shelf: LayerShelf, snapshots: MemorySnapshots
) -> None:
    fill(shelf)
    with shelf.hold([CHAINS[1].id]), shelf.hold([CHAINS[1].id]):
        assert shelf.collect(()) == ()
    assert set(snapshots.layers) == {chain.id for chain in CHAINS}
    assert len(shelf.collect(())) == 2


def test_does_not_open_what_was_swept(shelf: LayerShelf) -> None:
    fill(shelf)
    shelf.collect(())
    with pytest.raises(InternalError, match="its blob is gone"):
        shelf.plain_size(Digest.of(BASE))


def test_gives_layers_packed_and_plain(shelf: LayerShelf) -> None:
    with shelf.write(io.BytesIO(BASE)) as blob:
        with shelf.open_plain(blob.diff_id) as tar:
            assert tar.read() == BASE
        with shelf.open_packed(blob.diff_id) as packed:
            assert Digest.of(packed.read()) == blob.digest
        assert shelf.plain_size(blob.diff_id) == len(BASE)


def test_adopts_a_folder_as_a_layer(
    shelf: LayerShelf, snapshots: MemorySnapshots, tmp_path: Path
) -> None:
    folder = tmp_path / "upper"
    folder.mkdir()
    assert shelf.adopt(folder, ()) is None
    (folder / "made").write_bytes(b"by a build")
    tar = layer_tar({"made": b"by a build"})
    built = shelf.adopt(folder, ())
    assert built is not None
    assert (built.diff_id, built.chain_id) == (Digest.of(tar), Digest.of(tar))
    assert built.bytes == 10
    shelf.seal([built])
    with shelf.open_plain(built.diff_id) as plain:
        assert plain.read() == tar
    assert shelf.collect(()) == ()
    shelf.let_go([built.chain_id])
    assert shelf.collect(()) == (built.chain_id,)
    assert snapshots.layers == {}


def upper_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "upper"
    folder.mkdir()
    (folder / "made").write_bytes(b"by a build")
    return folder


def test_leaves_a_layer_alone_that_a_build_still_stands_on(
    shelf: LayerShelf, snapshots: MemorySnapshots, tmp_path: Path
) -> None:
    """Another build had the step from the cache, and is recorded first."""
    folder = upper_folder(tmp_path)
    built = shelf.adopt(folder, ())
    assert built is not None
    chain = Chain(built.chain_id, built.diff_id, None)
    shelf.ensure_chain(chain)
    assert snapshots.added == []  # neither removed nor unpacked again
    assert shelf.has_chain(built.chain_id)
    shelf.seal([built])
    assert shelf.has_chain(built.chain_id)


def test_does_not_trust_what_a_crash_has_left(
    shelf: LayerShelf, snapshots: MemorySnapshots, tmp_path: Path
) -> None:
    folder = upper_folder(tmp_path)
    tar = layer_tar({"made": b"by a build"})
    snapshots.layers[Digest.of(tar)] = -1
    built = shelf.adopt(folder, ())
    assert built is not None
    assert snapshots.layers == {built.chain_id: built.bytes}


def test_stacks_a_layer_that_is_here_on_others(
    shelf: LayerShelf, snapshots: MemorySnapshots, tmp_path: Path
) -> None:
    layers = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).touch()
        layers.append(shelf.adopt(folder, ()))
    one, two = (layer.diff_id for layer in layers if layer is not None)
    shelf.ensure_stack((one, two))
    assert chain_id((one, two)) in snapshots.layers


def receive(shelf: LayerShelf) -> None:
    shelf.announce(CHAINS)
    for chain, tar in zip(CHAINS, (BASE, APP), strict=True):
        data = gzip.compress(tar)
        promised = Descriptor(OCI_LAYER_GZIP, Digest.of(data), len(data))
        blob = shelf.receive(promised, chain.diff_id, partial(io.BytesIO, data))
        shelf.unpack_received(chain, blob, lambda _: None)


def test_received_layers_are_complete_once_they_are_settled(
    shelf: LayerShelf, snapshots: MemorySnapshots
) -> None:
    with shelf.hold([chain.id for chain in CHAINS]):
        receive(shelf)
        receive(shelf)  # for somebody else, at the same time
        assert len(snapshots.added) == 2
        assert not any(shelf.has_chain(chain.id) for chain in CHAINS)
        shelf.settle(CHAINS)
        assert all(shelf.has_chain(chain.id) for chain in CHAINS)
        assert snapshots.unsynced == set()
        assert shelf.plain_size(Digest.of(APP)) == len(APP)


def test_what_a_power_cut_left_is_received_again(
    tmp_path: Path, shelf: LayerShelf, snapshots: MemorySnapshots
) -> None:
    receive(shelf)
    snapshots.lose_power()
    catalog = Catalog(tmp_path / "images.db")
    after = LayerShelf(tmp_path / "blobs", catalog, snapshots)
    receive(after)
    after.settle(CHAINS)
    assert set(snapshots.layers.values()) == {4, 3}
    catalog.close()


def test_what_nobody_settles_is_swept(
    shelf: LayerShelf, snapshots: MemorySnapshots
) -> None:
    receive(shelf)
    assert len(shelf.collect(())) == 2
    assert snapshots.layers == {}
    receive(shelf)
    shelf.settle(CHAINS)
    assert all(shelf.has_chain(chain.id) for chain in CHAINS)


def test_a_build_on_a_received_layer_settles_it(
    shelf: LayerShelf, snapshots: MemorySnapshots
) -> None:
    receive(shelf)
    for chain in CHAINS:
        shelf.ensure_chain(chain)
    assert len(snapshots.added) == 2
    assert snapshots.unsynced == set()
