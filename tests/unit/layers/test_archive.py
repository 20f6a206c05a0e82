"""labkit.layers.archive: three kinds of archives, read once and forward."""

import io

import pytest

from labkit.base.errors import InvalidInputError
from labkit.layers.archive import ChunkStream, read_layer, read_saved
from labkit.layers.model import Layer
from tests.unit.layers.samples import (
    HIGH,
    LOW,
    layer_tar,
    saved_new,
    saved_old,
    stream,
)

LAYERS = [layer_tar(LOW), layer_tar(HIGH)]


@pytest.mark.parametrize(
    "archive", [saved_old(LAYERS), saved_new(LAYERS), saved_new(LAYERS, packed=True)]
)
def test_reads_what_engines_save(archive: bytes) -> None:
    image = read_saved(stream(archive))
    assert [step.layer is None for step in image.steps] == [False, True, False]
    low, high = image.steps[0].layer, image.steps[2].layer
    assert low is not None
    assert high is not None
    assert {path: file.size for path, file in low.files.items()} == {
        "etc": 0,
        "etc/a": 3,
        "big": 100,
    }
    assert high.removed == {"big"}
    assert image.steps[2].digest.endswith("1")
    assert image.id.startswith("sha256:")


def test_never_copies_what_is_left_of_a_chunk() -> None:
    class Whole(bytes):
        def __getitem__(self, key: object) -> bytes:  # type: ignore[override]
            raise AssertionError(f"cut: {key}")

    stream = io.BufferedReader(ChunkStream([Whole(b"abcdef"), Whole(b"gh")]))
    assert [stream.read(3) for _ in range(4)] == [b"abc", b"def", b"gh", b""]


def test_follows_the_link_to_a_layer_that_is_the_same() -> None:
    image = read_saved(stream(saved_old([LAYERS[0], LAYERS[0]])))
    assert image.steps[0].layer == image.steps[2].layer


def test_reads_layers_without_a_history() -> None:
    image = read_saved(stream(saved_new([LAYERS[0]])))
    assert [(step.created_by, step.layer is None) for step in image.steps] == [
        ("", False)
    ]


def test_tells_equal_contents() -> None:
    layer = read_layer(stream(layer_tar({"a": "same", "b": "same", "c": "other"})))
    assert layer.files["a"] == layer.files["b"] != layer.files["c"]


def test_knows_whiteouts_and_folders_made_empty() -> None:
    tar = layer_tar({"./a/.wh.b": "", ".wh.c": "", "d/.wh..wh..opq": ""})
    assert read_layer(stream(tar)) == Layer({}, frozenset({"a/b", "c"}), frozenset("d"))


@pytest.mark.parametrize(
    "data",
    [b"", b"no tar", layer_tar({"manifest.json": "[]"}), saved_new(LAYERS)[:700]],
)
def test_refuses_what_is_no_image(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match="cannot read the saved image"):
        read_saved(stream(data))
