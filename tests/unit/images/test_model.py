"""labkit.images.model: the fakes and the real snapshots fit what images ask for."""

from labkit.images.model import LayerSource, Snapshots
from labkit.snapshots.model import Snapshots as RealSnapshots
from tests.unit.images.fakes import MemorySnapshots, layer_tar, source_of


def needs(snapshots: Snapshots) -> Snapshots:
    return snapshots


def fits(real: RealSnapshots) -> Snapshots:
    return needs(real)  # mypy proves it: the contract has all that images call


def test_fake_has_what_images_call() -> None:
    assert needs(MemorySnapshots()).has_layer(source_of(b"").diff_id) is False


def test_source_opens_as_often_as_asked() -> None:
    source: LayerSource = source_of(layer_tar({"a": b"1"}))
    for _ in range(2):
        with source.open() as stream:
            assert len(stream.read()) == source.size
