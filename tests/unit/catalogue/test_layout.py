"""labkit.catalogue.layout: finished images, their names, and no rubbish."""

import json
from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.catalogue.layout import Layout
from labkit.spec.image import Descriptor

ONE, TWO = parse_reference("app:1"), parse_reference("app:2")


def config_for(layer: Descriptor, author: str = "") -> bytes:
    rootfs = {"type": "layers", "diff_ids": [layer.digest.text]}
    document = {"architecture": "amd64", "os": "linux", "rootfs": rootfs}
    return json.dumps({**document, "author": author}).encode()


def put_layer(layout: Layout, data: bytes) -> Descriptor:
    with layout.draft() as draft:
        draft.write_bytes(data)
        return layout.adopt(draft)


def test_finds_what_was_put(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layer = put_layer(layout, b"layer")
    config = config_for(layer)
    image_id = layout.put_image(config, [layer], [ONE, TWO], "f1")
    (image,) = Layout(tmp_path).images()
    assert image.id == image_id == Digest.of(config)
    assert (image.names, image.fingerprint, image.size) == ((ONE, TWO), "f1", 5)


def test_moves_a_name(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layer = put_layer(layout, b"layer")
    layout.put_image(config_for(layer), [layer], [ONE, TWO], "f1")
    layout.put_image(config_for(layer, "new"), [layer], [ONE], "f2")
    assert {image.fingerprint: image.names for image in layout.images()} == {
        "f1": (TWO,),
        "f2": (ONE,),
    }


def test_passes_over_an_image_without_its_layer(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layer = put_layer(layout, b"layer")
    layout.put_image(config_for(layer), [layer], [ONE], "f1")
    layout.path(layer.digest).unlink()
    assert layout.images() == ()


def test_sweeps_what_no_image_needs(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layer = put_layer(layout, b"layer")
    rubbish = put_layer(layout, b"rubbish")
    kept = put_layer(layout, b"kept")
    layout.put_image(config_for(layer), [layer], [ONE], "f1")
    layout.sweep(keep=[kept.digest])
    assert not layout.path(rubbish.digest).exists()
    assert layout.path(kept.digest).exists()
    assert len(layout.images()) == 1


def test_refuses_a_blob_that_is_another(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with layout.draft() as draft:
        draft.write_bytes(b"layer")
        with pytest.raises(InvalidInputError, match="has digest"):
            layout.adopt(draft, Digest.of(b"other"))
    assert list((tmp_path / "blobs" / "sha256").iterdir()) == []


def test_describes_an_image_to_the_archive(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layer = put_layer(layout, b"layer")
    layout.put_image(config_for(layer), [layer], [ONE], "f1")
    saved = layout.saved(layout.images()[0])
    assert (saved.config, saved.names) == (config_for(layer), (ONE,))
    with saved.layers[0].open() as tar:
        assert tar.read() == b"layer"
